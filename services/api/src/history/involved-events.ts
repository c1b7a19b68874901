import { noteIn, notesStream } from '@reckon/domain'
import { type EventLog, type RecordedEvent, revisionAt } from '@reckon/eventing'
import { type Event, events, isDeepEqual, isOf, parseFieldSelector } from '@reckon/kubernetes'
import type { FastifyPluginAsync, FastifyReply } from 'fastify'
import { sendList } from '../representation/answer.ts'
import { representationOf } from '../representation/representation-of.ts'
import type { ObjectParams } from '../requests/object-routes.ts'
import { authorizeObjects, isTrue, queryOf } from '../requests/request-context.ts'
import { untilGone } from '../requests/until-gone.ts'
import { type ListContext, listObjects } from '../verbs/list.ts'
import { waitForVersion } from '../verbs/resource-version.ts'
import { selectionOf } from '../verbs/selection.ts'

/** The newest of an object's notes that are read: a note is rarely recorded, and told with its count. */
const notesMax = 256

/**
 * GET …/events. Of one object, as `kubectl describe` asks (its uid is in the field selector), what was noted about it
 * is read from the log as well, however long ago; all else is answered as every list is.
 */
export const involvedEvents: FastifyPluginAsync<ListContext> = async (app, context) => {
  const { ports, encoded } = context
  const served = { resource: events, groupVersion: { group: '', version: 'v1' } }
  for (const path of ['/api/v1/events', '/api/v1/namespaces/:namespace/events']) {
    app.get<{ Params: ObjectParams }>(path, async (request, reply) => {
      const query = queryOf(request)
      const fields = parseFieldSelector(query.fieldSelector ?? '')
      const uid = fields.find(({ field, equal }) => equal && field === 'involvedObject.uid')
      if (uid === undefined || isTrue(query.watch)) {
        return listObjects(context, { served, request, reply })
      }
      authorizeObjects(request, 'list', served)
      const { namespace } = request.params
      const selection = selectionOf(events, query, namespace)
      const representation = representationOf(request, served, { encoded, clock: ports.clock })
      if (request.moment === undefined) await waitForVersion(ports, query)
      const position = request.moment?.position ?? ports.objects.position ?? 0n
      const recorded = await notesOf(ports.log, uid.value, position)
      const seen = await seenAt(context, { position, namespace, reply })
      const earlier = eventsOf(recorded.reverse()).filter(
        (note) => !seen.some((each) => isDeepEqual(saidIn(each), saidIn(note))),
      )
      const items = [...seen, ...earlier].filter(selection.matches).map((object) => ({ object }))
      const meta = { resourceVersion: String(position) }
      return sendList({ reply, clock: ports.clock }, representation, { items, meta })
    })
  }
}

/** The newest notes of an object up to a position, the newest first. */
async function notesOf(log: EventLog, uid: string, position: bigint): Promise<RecordedEvent[]> {
  const stream = notesStream(uid)
  const from = await revisionAt(log, stream, { position })
  if (from === undefined) return []
  return Array.fromAsync(log.readStream(stream, { direction: 'backwards', limit: notesMax, from }))
}

type Seen = { position: bigint; namespace: string | undefined; reply: FastifyReply }

/** The Events that the view had at a position. */
async function seenAt(
  { recent, past }: ListContext,
  { position, namespace, reply }: Seen,
): Promise<Event[]> {
  const all =
    recent.asOf(events, position, { namespace }) ??
    past.at(position).scan(events, { namespace }, untilGone(reply))
  const found = await Array.fromAsync(all)
  return found.flatMap(({ object }) => (isOf(events, object) ? [object] : []))
}

const saidIn = ({ involvedObject, type, reason, message, source }: Event) => [
  ...[involvedObject.uid, involvedObject.fieldPath, type, reason, message],
  source,
]

/** One core/v1 Event for each thing that was noted: the newest count of it. Pure. */
function eventsOf(recorded: readonly RecordedEvent[]): readonly Event[] {
  const found = new Map<string, Event>()
  for (const each of recorded) {
    const { involvedObject, type, reason, message, source, firstTimestamp } = noteIn(each)
    const { fieldPath } = involvedObject
    const key = JSON.stringify([fieldPath, type, reason, message, source, firstTimestamp])
    const before = found.get(key)
    found.set(key, eventOf(each, before?.metadata ?? namedAfter(each)))
  }
  return [...found.values()]
}

const namedAfter = (event: RecordedEvent): Event['metadata'] => {
  const { involvedObject, firstTimestamp } = noteIn(event)
  return {
    name: `${involvedObject.name}.${event.id.replaceAll('-', '').slice(0, 16)}`,
    namespace: involvedObject.namespace ?? 'default',
    uid: event.id,
    creationTimestamp: firstTimestamp,
  }
}

function eventOf(event: RecordedEvent, named: Event['metadata']): Event {
  const note = noteIn(event)
  return {
    apiVersion: 'v1',
    kind: 'Event',
    ...note,
    metadata: { ...named, resourceVersion: String(event.position) },
    reportingComponent: note.source.component,
    reportingInstance: note.source.host ?? '',
  }
}
