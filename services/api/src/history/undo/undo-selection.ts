import { refOf } from '@reckon/domain'
import { type EventLog, isSystemEvent, type RecordedEvent } from '@reckon/eventing'
import { badRequest, isJsonObject } from '@reckon/kubernetes'
import type { NamedMoment } from '../../past/named-moment.ts'
import type { ApiPorts } from '../../ports.ts'
import { parseVersion } from '../../verbs/resource-version.ts'
import type { Scope } from '../activity.ts'
import { askedBound } from '../asked-moment.ts'
import { derivedKinds } from '../derived-kinds.ts'
import { eventsOfRequests, indexedEvents } from '../indexed-events.ts'
import { lastBy, positionAt, type Searched } from '../position-at.ts'
import { isAsked } from './is-asked.ts'

/**
 * What to undo: everything done by the request to which the event at a position belongs; the request with this
 * Audit-Id; what a user did since a time; or what was done in a namespace since a position or time.
 */
export type UndoSelection =
  | { position: string }
  | { request: string }
  | { user: string; since: string }
  | { namespace: string; to: string }

/** The events to search, in order, and which of the users' changes among them are selected. */
export type SelectedEvents = {
  events: AsyncIterable<RecordedEvent>
  isMeant(event: RecordedEvent): boolean
}

/** The largest difference between writers' clocks, and between the writes of one request. */
const slackMs = 6 * 60 * 1000

const wanted = 'want {"position"}, {"request"}, {"user","since"} or {"namespace","to"}, each a text'

/** The selection in a body; refused with 400 where it is malformed. */
export function undoSelectionIn(body: unknown): UndoSelection {
  const fields = isJsonObject(body) ? body : {}
  const text = (name: string) => {
    const value = fields[name]
    return typeof value === 'string' && value !== '' ? value : undefined
  }
  const [position, request, user, since] = ['position', 'request', 'user', 'since'].map(text)
  const [namespace, to] = ['namespace', 'to'].map(text)
  const named: UndoSelection[] = [
    ...(position ? [{ position }] : []),
    ...(request ? [{ request }] : []),
    ...(user && since ? [{ user, since }] : []),
    ...(namespace && to ? [{ namespace, to }] : []),
  ]
  const [selection] = named
  if (selection === undefined) throw badRequest(`nothing to undo is named: ${wanted}`)
  if (named.length > 1) throw badRequest(`more than one thing to undo is named: ${wanted}`)
  return selection
}

/** Where the selection begins in the log, and which events it selects. */
export async function askedBy(
  searched: Searched & Pick<ApiPorts, 'clock'>,
  selection: UndoSelection,
  signal: AbortSignal,
): Promise<SelectedEvents> {
  const { log } = searched
  if ('position' in selection) {
    const { position, id, metadata } = await eventAt(log, selection.position)
    return ofRequest(searched, metadata?.$correlationId ?? id, { until: position, signal })
  }
  if ('request' in selection) return ofRequest(searched, selection.request, { signal })
  if ('user' in selection) {
    const { user } = selection
    const since = askedBound({ name: 'since', text: selection.since }, searched.clock.now())
    return byUser(searched, { user, since }, signal)
  }
  const { namespace, to } = selection
  const moment = askedBound({ name: 'to', text: to }, searched.clock.now())
  const position = await positionAt(searched, moment, signal)
  const ownStream = `namespaces-/${namespace}`
  return {
    events: requestsIn(
      searched,
      { after: position, signal },
      (scope) => scope.namespace === namespace || scope.resourceId === 'namespaces',
    ),
    isMeant: ({ stream }) =>
      stream === ownStream || (refOf(stream)?.namespace === namespace && isWish(stream)),
  }
}

/** Everything that followed from requests in these scopes after a position, possibly with more. */
const requestsIn = (
  { log, index }: Searched,
  { after, signal }: { after: bigint | undefined; signal: AbortSignal },
  isWanted: (scope: Scope) => boolean,
): AsyncIterable<RecordedEvent> =>
  index
    ? eventsOfRequests({ log, index }, isWanted, { after: after ?? -1n, signal })
    : log.readAll({ after })

async function ofRequest(
  searched: Searched,
  correlation: string,
  span: { until?: bigint; signal: AbortSignal },
): Promise<SelectedEvents> {
  const { log, index } = searched
  const isMeant = (event: RecordedEvent) => event.metadata?.$correlationId === correlation
  const found = index && (await indexedEvents({ log, index }, correlation, span.signal))
  if (found) return { events: found, isMeant }
  const first = await firstOf(searched, correlation, span)
  return { events: log.readAll({ from: first.position }), isMeant }
}

async function byUser(
  searched: Searched,
  { user, since }: { user: string; since: NamedMoment },
  signal: AbortSignal,
): Promise<SelectedEvents> {
  const isByUser = ({ stream, metadata }: RecordedEvent) =>
    metadata?.actor.user === user && isWish(stream)
  const after = (position: bigint | undefined) =>
    requestsIn(searched, { after: position, signal }, (scope) => scope.user === user)
  if ('position' in since) return { events: after(since.position), isMeant: isByUser }
  const sinceMs = since.timeMs
  return {
    events: after(await lastBy(searched, sinceMs - slackMs, signal)),
    isMeant: (event) => isByUser(event) && timeMsOf(event) >= sinceMs,
  }
}

async function eventAt(log: EventLog, text: string): Promise<RecordedEvent> {
  if (!/^\d+$/.test(text)) {
    throw badRequest(`position: "${text}" is no position of the log; "reckon log" shows them`)
  }
  const position = parseVersion(text)
  for await (const event of log.readAll({ from: position, limit: 1 })) {
    if (event.position !== position || isSystemEvent(event)) break
    return event
  }
  throw badRequest(`position: nothing was recorded at ${text}; "reckon log" shows positions`)
}

/**
 * The first event of a request. The search goes backwards from the log's end, at least to the position up to which the
 * request is known to have gone on, and until all events are too old.
 */
async function firstOf(
  { log, index }: Searched,
  correlation: string,
  { until, signal }: { until?: bigint; signal: AbortSignal },
): Promise<RecordedEvent> {
  let first: RecordedEvent | undefined
  for await (const event of log.readAllBackwards()) {
    // The indexed part has been searched already.
    if (signal.aborted || event.position <= (index?.upTo ?? -1n)) break
    if (isSystemEvent(event)) continue
    if (event.metadata?.$correlationId === correlation) first = event
    else if (first && isAsked(first) && timeMsOf(event) < timeMsOf(first) - slackMs) {
      if (until === undefined || event.position < until) break
    }
  }
  if (first) return first
  throw badRequest(`request: no change bears the id "${correlation}"`)
}

/** Whether a stream's object expresses what somebody wants, rather than what happens. */
const isWish = (stream: string): boolean => !derivedKinds.has(refOf(stream)?.resourceId ?? '')

const timeMsOf = ({ metadata }: RecordedEvent): number => Date.parse(metadata?.time ?? '')
