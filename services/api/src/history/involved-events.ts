import { noteIn, notesStream } from '@reckon/domain'
import type { RecordedEvent } from '@reckon/eventing'
import { type FieldRequirement, parseFieldSelector, StatusError } from '@reckon/kubernetes'
import type { FastifyPluginAsync } from 'fastify'
import type { ApiPorts } from '../ports.ts'
import { queryOf } from '../requests/request-context.ts'

/** The newest of an object's notes that are read: a note is rarely recorded, and told with its count. */
const notesMax = 256

/**
 * GET …/events of one object, as `kubectl describe` asks: what was noted about it, from the log. Without the object's uid in
 * the field selector it is refused: what all of them are is not served.
 */
export const involvedEvents: FastifyPluginAsync<{ ports: ApiPorts }> = async (app, { ports }) => {
  for (const path of ['/api/v1/events', '/api/v1/namespaces/:namespace/events']) {
    app.get<{ Params: { namespace?: string } }>(path, async (request) => {
      const resource = { group: '', plural: 'events' }
      request.authorize({ verb: 'list', resource, ...request.params })
      const fields = parseFieldSelector(queryOf(request).fieldSelector ?? '')
      const uid = fields.find(({ field, equal }) => equal && field === 'involvedObject.uid')
      if (uid === undefined) throw ofOneOnly
      const { namespace } = request.params
      const newest = { direction: 'backwards', limit: notesMax } as const
      const recorded = await Array.fromAsync(ports.log.readStream(notesStream(uid.value), newest))
      const items = eventsOf(recorded.reverse()).filter(
        (event) =>
          (namespace === undefined || event.metadata.namespace === namespace) &&
          fields.every((each) => matches(each, event)),
      )
      const resourceVersion = String(ports.objects.position ?? 0n)
      return { kind: 'EventList', apiVersion: 'v1', metadata: { resourceVersion }, items }
    })
  }
}

const ofOneOnly = new StatusError(
  'MethodNotAllowed',
  'only the events of one object are served: name its uid, fieldSelector=involvedObject.uid=…',
)

type Event = ReturnType<typeof eventOf>

/** One core/v1 Event for each thing that was noted: the newest count of it. Pure. */
function eventsOf(recorded: readonly RecordedEvent[]): readonly Event[] {
  const events = new Map<string, Event>()
  for (const each of recorded) {
    const { involvedObject, type, reason, message, source, firstTimestamp } = noteIn(each)
    const { fieldPath } = involvedObject
    const key = JSON.stringify([fieldPath, type, reason, message, source, firstTimestamp])
    const before = events.get(key)
    events.set(key, eventOf(each, before?.metadata ?? namedAfter(each)))
  }
  return [...events.values()]
}

const namedAfter = (event: RecordedEvent) => {
  const { involvedObject, firstTimestamp } = noteIn(event)
  return {
    name: `${involvedObject.name}.${event.id.replaceAll('-', '').slice(0, 16)}`,
    namespace: involvedObject.namespace ?? 'default',
    uid: event.id,
    creationTimestamp: firstTimestamp,
  }
}

function eventOf(event: RecordedEvent, named: ReturnType<typeof namedAfter>) {
  const note = noteIn(event)
  return {
    ...note,
    metadata: { ...named, resourceVersion: String(event.position) },
    reportingComponent: note.source.component,
    reportingInstance: note.source.host ?? '',
  }
}

/** Upstream's fields of an Event; one that it does not have matches nothing. */
function matches({ field, value, equal }: FieldRequirement, event: Event): boolean {
  const { involvedObject, reason, type, source, metadata } = event
  const fields: Record<string, string> = {
    ...Object.fromEntries(
      Object.entries(involvedObject).map(([name, text]) => [`involvedObject.${name}`, text]),
    ),
    'involvedObject.namespace': involvedObject.namespace ?? '',
    'metadata.name': metadata.name,
    'metadata.namespace': metadata.namespace,
    reason,
    type,
    source: source.component,
  }
  return (fields[field] === value) === equal
}
