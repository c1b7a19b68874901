import type { Projection } from './projection.ts'
import type { Reader, ReaderOptions, ReaderPorts } from './reader.ts'
import { LogReader } from './reading/log-reader.ts'

/** A reader of the trusted services' wire, which repairs from the log whatever the wire loses. Not running yet. */
export const createReader = (
  ports: ReaderPorts,
  projections: readonly Projection[],
  options: ReaderOptions = {},
): Reader => new LogReader(ports, projections, options)
