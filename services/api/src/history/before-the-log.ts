import { type EventLog, isSystemEvent } from '@reckon/eventing'
import { humanDuration, type StatusError } from '@reckon/kubernetes'
import type { ApiPorts } from '../ports.ts'
import { expired } from '../verbs/resource-version.ts'

/** The position and time of the first event that has a time; undefined for an empty log. */
export async function beginOf(
  log: Pick<EventLog, 'readAll'>,
): Promise<{ position: bigint; timeMs: number } | undefined> {
  for await (const event of log.readAll()) {
    const timeMs = isSystemEvent(event) ? Number.NaN : Date.parse(event.metadata?.time ?? '')
    if (!Number.isNaN(timeMs)) return { position: event.position, timeMs }
  }
  return undefined
}

/** The refusal of a time before the log began: says how old the log is, and what can be named instead. */
export async function beforeTheLog(
  { log, clock }: Pick<ApiPorts, 'log' | 'clock'>,
  timeMs: number,
): Promise<StatusError> {
  const first = await beginOf(log)
  if (first === undefined) return expired('nothing is recorded')
  const age = humanDuration(clock.now() - first.timeMs)
  const begin = `the log is ${age} old: it begins at ${timeText(first.timeMs)}`
  const earliest = `the earliest moment that can be named is its position ${first.position}`
  return expired(`nothing is recorded of ${timeText(timeMs)} or before; ${begin}; ${earliest}`)
}

const timeText = (timeMs: number): string => new Date(timeMs).toISOString()
