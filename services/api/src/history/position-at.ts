import type { EventLog } from '@reckon/eventing'
import type { NamedMoment } from '../past/named-moment.ts'
import type { ApiPorts } from '../ports.ts'
import { beforeTheLog } from './before-the-log.ts'
import { firstTimed, timeOf } from './recorded-time.ts'

/** What is searched: the index as far as it reaches, then the log. */
export type Searched = Pick<ApiPorts, 'log' | 'index'>

/** The position of a moment: its own, or the last one recorded by its time; refused with 410 before the log began. */
export async function positionAt(
  searched: Searched & Pick<ApiPorts, 'clock'>,
  moment: NamedMoment,
  signal: AbortSignal,
): Promise<bigint> {
  if ('position' in moment) return moment.position
  const position = await lastBy(searched, moment.timeMs, signal)
  if (position !== undefined) return position
  throw await beforeTheLog(searched, moment.timeMs)
}

/** The largest difference between writers' clocks: an event that was recorded earlier may have a later time. */
export const slackMs = 5 * 60 * 1000

/** An index is hardly ever further behind the log: so many events are read at once. */
const notIndexedMax = 256

/**
 * The last position recorded by a time, if there is one. What is not indexed is searched from the log's end, because a
 * time is rarely long ago. Throws once the signal aborts.
 */
export async function lastBy(
  { log, index }: Searched,
  timeMs: number,
  signal: AbortSignal,
): Promise<bigint | undefined> {
  const upTo = index?.upTo
  if (index && upTo !== undefined) {
    const newer = await Array.fromAsync(log.readAll({ after: upTo, limit: notIndexedMax }))
    if (newer.length < notIndexedMax) {
      const last = newer.findLast((event) => timeOf(event) <= timeMs)
      return last?.position ?? index.lastBy(timeMs, slackMs)
    }
  }
  for await (const event of log.readAllBackwards()) {
    if (signal.aborted) return undefined
    if (upTo !== undefined && event.position <= upTo) return index?.lastBy(timeMs, slackMs)
    if (timeOf(event) <= timeMs) return event.position
  }
  return undefined
}

/** Whether anything can have been recorded by a time: the first event with a time is not later. */
export async function hadBegunBy(log: EventLog, timeMs: number): Promise<boolean> {
  const first = await firstTimed(log)
  return first !== undefined && first.timeMs - slackMs <= timeMs
}
