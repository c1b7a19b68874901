import { badRequest } from '@reckon/kubernetes'
import type { Moments } from '../past/moments.ts'
import { namedMoment } from '../past/named-moment.ts'
import type { ApiPorts } from '../ports.ts'

/** A moment named by a parameter: its position and time. */
export type FoundMoment = { position: bigint; timeMs: number; isTimed: boolean }

type Context = { ports: Pick<ApiPorts, 'clock'>; moments: Moments }

/** The moment that a text names, in the same forms as below `/at/`; 400 where it is malformed. */
export async function momentNamed(
  { ports, moments }: Context,
  text: string,
  signal: AbortSignal,
): Promise<FoundMoment> {
  const named = namedMoment(text, ports.clock.now())
  if (named === undefined) {
    throw badRequest(`"${text}" is no position of the log, no time and no duration`)
  }
  if ('position' in named) {
    const { timeMs } = await moments.of(named.position, named.timeMs, signal)
    return { position: named.position, timeMs, isTimed: named.timeMs !== undefined }
  }
  const position = await moments.positionBy(named.timeMs, signal)
  return { position, timeMs: named.timeMs, isTimed: true }
}
