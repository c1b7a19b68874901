import { refOf } from '@reckon/domain'
import { type EventLog, isSystemEvent, type RecordedEvent } from '@reckon/eventing'
import { badRequest, isJsonObject } from '@reckon/kubernetes'
import { parseVersion } from '../../verbs/resource-version.ts'
import { lastBy, positionAt } from '../position-at.ts'
import { isAsked } from './is-asked.ts'

/**
 * What is to be undone: all that the request did to which the event at a position belongs; the request with this Audit-Id;
 * what a user did since a time; or what was done in a namespace since a position or time.
 */
export type UndoSelection =
  | { position: string }
  | { request: string }
  | { user: string; since: string }
  | { namespace: string; to: string }

/** From where on the log is read, and which of the changes that somebody asked for are meant. */
export type Asked = {
  after: bigint | undefined
  isMeant(event: RecordedEvent): boolean
}

/** So far at most are the clocks of writers apart, and the writes of one request. */
const slackMs = 6 * 60 * 1000

const wanted = 'want {"position"}, {"request"}, {"user","since"} or {"namespace","to"}, each a text'

/** The selection that a body holds; refused with 400 where it is none. */
export function undoSelectionIn(body: unknown): UndoSelection {
  const fields = isJsonObject(body) ? body : {}
  const text = (name: string) => {
    const value = fields[name]
    return typeof value === 'string' && value !== '' ? value : undefined
  }
  const [position, request, user, since] = ['position', 'request', 'user', 'since'].map(text)
  const [namespace, to] = ['namespace', 'to'].map(text)
  if (position) return { position }
  if (request) return { request }
  if (user && since) return { user, since }
  if (namespace && to) return { namespace, to }
  throw badRequest(`nothing to undo is named: ${wanted}`)
}

/** Where the selection begins in the log, and what it means there. */
export async function askedBy(
  log: EventLog,
  selection: UndoSelection,
  signal: AbortSignal,
): Promise<Asked> {
  if ('position' in selection) {
    const { position, id, metadata } = await eventAt(log, selection.position)
    return ofRequest(log, metadata?.$correlationId ?? id, { until: position, signal })
  }
  if ('request' in selection) return ofRequest(log, selection.request, { signal })
  if ('user' in selection) return byUser(log, selection, signal)
  const { namespace, to } = selection
  const position = await positionAt(log, to, signal)
  const ownStream = `namespaces-/${namespace}`
  return {
    after: position,
    isMeant: ({ stream }) => stream === ownStream || refOf(stream)?.namespace === namespace,
  }
}

async function ofRequest(
  log: EventLog,
  correlation: string,
  span: { until?: bigint; signal: AbortSignal },
): Promise<Asked> {
  const first = await firstOf(log, correlation, span)
  return {
    after: first.position - 1n,
    isMeant: (event) => event.metadata?.$correlationId === correlation,
  }
}

async function byUser(
  log: EventLog,
  { user, since }: { user: string; since: string },
  signal: AbortSignal,
): Promise<Asked> {
  if (/^\d+$/.test(since)) {
    return { after: parseVersion(since), isMeant: ({ metadata }) => metadata?.actor.user === user }
  }
  const sinceMs = Date.parse(since)
  if (Number.isNaN(sinceMs)) throw badRequest(`since: "${since}" is no position and no time`)
  return {
    after: await lastBy(log, sinceMs - slackMs, signal),
    isMeant: ({ metadata }) =>
      metadata?.actor.user === user && Date.parse(metadata.time) >= sinceMs,
  }
}

async function eventAt(log: EventLog, text: string): Promise<RecordedEvent> {
  const position = parseVersion(text)
  for await (const event of log.readAll({ after: position - 1n, limit: 1 })) {
    if (event.position !== position || isSystemEvent(event)) break
    return event
  }
  throw badRequest(`position: nothing was recorded at ${text}; "reckon log" shows positions`)
}

/**
 * The first event of a request: looked for from the log's end, at least to the position until which it is known to go on, and
 * until all is older than it can be.
 */
async function firstOf(
  log: EventLog,
  correlation: string,
  { until, signal }: { until?: bigint; signal: AbortSignal },
): Promise<RecordedEvent> {
  let first: RecordedEvent | undefined
  for await (const event of log.readAllBackwards()) {
    if (signal.aborted) break
    if (isSystemEvent(event)) continue
    if (event.metadata?.$correlationId === correlation) first = event
    else if (first && isAsked(first) && timeMsOf(event) < timeMsOf(first) - slackMs) {
      if (until === undefined || event.position < until) break
    }
  }
  if (first) return first
  throw badRequest(`request: no change bears the id "${correlation}"`)
}

const timeMsOf = ({ metadata }: RecordedEvent): number => Date.parse(metadata?.time ?? '')
