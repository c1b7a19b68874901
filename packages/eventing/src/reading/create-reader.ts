import { LogFollower } from './log-follower.ts'
import { LogReader } from './log-reader.ts'
import type { Projection } from './projection.ts'
import type { Reader, ReaderOptions, ReaderPorts } from './reader.ts'

/** Creates a reader that keeps these projections up to date. It does not run yet. */
export type CreateReader = (
  ports: ReaderPorts,
  projections: readonly Projection[],
  options?: ReaderOptions,
) => Reader

/** A reader of the trusted services' wire, which reads from the log what the wire loses. */
export const createReader: CreateReader = (ports, projections, options = {}) =>
  new LogReader(ports, projections, options)

/** A reader that always follows the log itself, for the service that feeds the wire. */
export const createFollower: CreateReader = (ports, projections, options = {}) =>
  new LogFollower(ports, projections, options)
