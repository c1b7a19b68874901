import type { Moments } from '../past/moments.ts'
import type { ApiPorts } from '../ports.ts'
import { askedMoment, type Parameter } from './asked-moment.ts'
import { beforeTheLog } from './before-the-log.ts'

/** A moment that a parameter names: its position and time. */
export type FoundMoment = { position: bigint; timeMs: number; isTimed: boolean }

type Context = { ports: Pick<ApiPorts, 'log' | 'clock'>; moments: Moments }

/** The moment that a parameter names; refused as `askedMoment` does, and with 410 before the log began. */
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
  if (position === undefined) throw await beforeTheLog(ports, named.timeMs)
  return { position, timeMs: named.timeMs, isTimed: true }
}
