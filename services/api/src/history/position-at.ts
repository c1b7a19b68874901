import { type EventLog, isSystemEvent } from '@reckon/eventing'
import { badRequest } from '@reckon/kubernetes'
import { parseVersion } from '../verbs/resource-version.ts'

/**
 * The position that a text names: itself, or the last one that was recorded by that time (RFC 3339). A time is looked for
 * from the log's beginning, for nothing leads from times to positions.
 */
export async function positionAt(log: EventLog, text: string): Promise<bigint> {
  if (/^\d+$/.test(text)) return parseVersion(text)
  const until = Date.parse(text)
  if (Number.isNaN(until)) throw badRequest(`at: "${text}" is no position and no time`)
  let last: bigint | undefined
  for await (const event of log.readAll()) {
    if (isSystemEvent(event)) continue
    if (Date.parse(event.metadata?.time ?? '') > until) break
    last = event.position
  }
  if (last === undefined) throw badRequest(`at: before ${text} nothing was recorded`)
  return last
}
