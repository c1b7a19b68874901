import { humanDuration, type StatusError } from '@reckon/kubernetes'
import type { Moments } from '../past/moments.ts'
import type { ApiPorts } from '../ports.ts'
import { expired } from '../verbs/resource-version.ts'
import { askedMoment, type Parameter } from './asked-moment.ts'

/** A moment that a parameter names: its position and time. */
export type FoundMoment = { position: bigint; timeMs: number; isTimed: boolean }

type Context = { ports: Pick<ApiPorts, 'clock'>; moments: Moments }

/** The moment that a parameter names; refused as `askedMoment` does. */
export async function momentNamed(
  { ports, moments }: Context,
  parameter: Parameter,
  signal: AbortSignal,
): Promise<FoundMoment> {
  const named = askedMoment(parameter, ports.clock.now())
  if ('position' in named) {
    const { timeMs } = await moments.of(named.position, named.timeMs, signal)
    return { position: named.position, timeMs, isTimed: named.timeMs !== undefined }
  }
  const position = await moments.lastBy(named.timeMs, signal)
  if (position === undefined)
    throw beforeAll(await moments.first(), named.timeMs, ports.clock.now())
  return { position, timeMs: named.timeMs, isTimed: true }
}

/** Says what can be named instead of a time before the log began. */
function beforeAll(
  first: Pick<FoundMoment, 'position' | 'timeMs'>,
  timeMs: number,
  nowMs: number,
): StatusError {
  const age = humanDuration(nowMs - first.timeMs)
  const begin = `the log is ${age} old: it begins at ${timeText(first.timeMs)}`
  const earliest = `the earliest moment that can be named is its position ${first.position}`
  return expired(`nothing is recorded of ${timeText(timeMs)} or before; ${begin}; ${earliest}`)
}

const timeText = (timeMs: number): string => new Date(timeMs).toISOString()
