import { type EventLog, isSystemEvent } from '@reckon/eventing'
import type { NamedMoment } from '../past/named-moment.ts'
import type { ApiPorts } from '../ports.ts'
import { beforeTheLog, beginOf } from './before-the-log.ts'

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
  for await (const event of log.readAllBackwards()) {
    if (signal.aborted) return undefined
    if (upTo !== undefined && event.position <= upTo) return index?.lastBy(timeMs, slackMs)
    if (isSystemEvent(event)) continue
    if (Date.parse(event.metadata?.time ?? '') <= timeMs) return event.position
  }
  return undefined
}

/** Whether anything can have been recorded by a time: the first event with a time is not later. */
export async function hadBegunBy(log: EventLog, timeMs: number): Promise<boolean> {
  const begin = await beginOf(log)
  return begin !== undefined && begin.timeMs - slackMs <= timeMs
}
