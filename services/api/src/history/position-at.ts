import { type EventLog, isSystemEvent } from '@reckon/eventing'
import { badRequest } from '@reckon/kubernetes'
import { parseVersion } from '../verbs/resource-version.ts'

/** The position that a text names: itself, or the last one that was recorded by that time (RFC 3339). */
export async function positionAt(
  log: EventLog,
  text: string,
  signal: AbortSignal,
): Promise<bigint> {
  if (/^\d+$/.test(text)) return parseVersion(text)
  const untilMs = Date.parse(text)
  if (Number.isNaN(untilMs)) throw badRequest(`at: "${text}" is no position and no time`)
  const position = await lastBy(log, untilMs, signal)
  if (position === undefined) throw badRequest(`at: before ${text} nothing was recorded`)
  return position
}

/**
 * The last position that was recorded by a time, if any was. It is looked for from the log's end, for nothing leads from
 * times to positions, and a time is rarely long ago; until the signal aborts.
 */
export async function lastBy(
  log: EventLog,
  timeMs: number,
  signal: AbortSignal,
): Promise<bigint | undefined> {
  for await (const event of log.readAllBackwards()) {
    if (signal.aborted) return undefined
    if (isSystemEvent(event)) continue
    if (Date.parse(event.metadata?.time ?? '') <= timeMs) return event.position
  }
  return undefined
}
