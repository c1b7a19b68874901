import { type EventLog, isSystemEvent } from '@reckon/eventing'
import { badRequest } from '@reckon/kubernetes'
import { parseVersion } from '../verbs/resource-version.ts'

/**
 * The position that a text names: itself, or the last one that was recorded by that time (RFC 3339). A time is looked for
 * from the log's end, for nothing leads from times to positions, and it is rarely long ago.
 */
export async function positionAt(log: EventLog, text: string): Promise<bigint> {
  if (/^\d+$/.test(text)) return parseVersion(text)
  const until = Date.parse(text)
  if (Number.isNaN(until)) throw badRequest(`at: "${text}" is no position and no time`)
  for await (const event of log.readAllBackwards()) {
    if (isSystemEvent(event)) continue
    if (Date.parse(event.metadata?.time ?? '') <= until) return event.position
  }
  throw badRequest(`at: before ${text} nothing was recorded`)
}
