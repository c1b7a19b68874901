import { causesOf, eventTypes, refOf, streamOf, type TraceNode, traceOf } from '@reckon/domain'
import { type EventLog, isSystemEvent, type RecordedEvent } from '@reckon/eventing'
import { badRequest, notFound, type ResourceTable } from '@reckon/kubernetes'
import type { FastifyPluginAsync, FastifyRequest } from 'fastify'
import { authorizeHistory, historyGroup, mayDo, pastOf } from '../past/past-of-request.ts'
import type { ApiPorts } from '../ports.ts'
import { queryOf } from '../requests/request-context.ts'
import { untilGone } from '../requests/until-gone.ts'
import { waitForVersion } from '../verbs/resource-version.ts'
import { historyPath } from './events.ts'
import { kindEver } from './kind-ever.ts'
import { authorizeKinds } from './kinds-named.ts'
import { askedBy } from './undo/undo-selection.ts'

/** What followed from a request, as trees, and the chain of causes of one of its events. */
type TraceAnswer = { causes: readonly Omit<TraceNode, 'children'>[]; roots: readonly TraceNode[] }

type Params = { namespace?: string; kind: string; name: string }

/** Events that come this much later than the rest of a request are not awaited. */
const quietMsMax = 10 * 60 * 1000

/**
 * GET …/trace?position= or ?request=: everything that followed from the request to which an event belongs, as trees,
 * each event with the time since its cause. …/[namespaces/…/]{kind}/{name}/trace: the same for the request that created
 * the object, with the chain of causes.
 */
export const trace: FastifyPluginAsync<{ ports: ApiPorts }> = async (app, { ports }) => {
  app.get(`${historyPath}/trace`, async (request, reply): Promise<TraceAnswer> => {
    authorizeKinds(request, undefined)
    const { position, request: id } = queryOf(request)
    const selection = position ? { position } : id ? { request: id } : undefined
    if (selection === undefined) throw badRequest('what is traced: a position, or a request')
    await waitForVersion(ports, {})
    return told(ports, request, { selection, signal: untilGone(reply) })
  })
  for (const shape of ['/namespaces/:namespace/:kind/:name', '/:kind/:name']) {
    app.get<{ Params: Params }>(`${historyPath}${shape}/trace`, async (request, reply) => {
      const { kind, name, namespace = '' } = request.params
      const resource = await kindEver(ports, kind)
      authorizeHistory(request, { resource, namespace, name })
      await waitForVersion(ports, {})
      const stream = streamOf(resource, namespace, name)
      const made = await lastCreation(ports.log, stream, eventTypes(resource.kind).created)
      if (made === undefined) throw notFound(resource, name)
      const selection = { position: String(made.position) }
      return told(ports, request, { selection, signal: untilGone(reply) })
    })
  }
}

type TraceQuery = { selection: { position: string } | { request: string }; signal: AbortSignal }

async function told(
  ports: ApiPorts,
  request: FastifyRequest,
  { selection, signal }: TraceQuery,
): Promise<TraceAnswer> {
  const asked = await askedBy(ports, selection, signal)
  const events: RecordedEvent[] = []
  for await (const event of asked.events) {
    signal.throwIfAborted()
    if (isSystemEvent(event)) continue
    if (timeMsOf(event) > timeMsOf(events.at(-1)) + quietMsMax) break
    if (asked.isMeant(event)) events.push(event)
  }
  const roots = traceOf(readable(request, ports.objects.resources, events))
  const position = 'position' in selection ? selection.position : undefined
  const id = events.find((each) => String(each.position) === position)?.id ?? ''
  return { causes: causesOf(roots, id).map(({ children: _, ...node }) => node), roots }
}

/**
 * Omits what the user may not read: for each kind and namespace, the right to list it and its past is needed. Events
 * that are not an object's (quota claims, notes) are shown only to users who may read every past.
 */
function readable(
  request: FastifyRequest,
  resources: ResourceTable,
  events: readonly RecordedEvent[],
): readonly RecordedEvent[] {
  const authorized = new Set<string>()
  const all = { verb: 'past', resource: { group: historyGroup, plural: '*' } }
  return events.filter(({ stream }) => {
    const { resourceId: id = '', namespace = '' } = refOf(stream) ?? {}
    const resource = resources.named(id)
    if (resource === undefined) return mayDo(request, all)
    const key = `${id} ${namespace}`
    if (authorized.has(key)) return true
    const where = namespace === '' ? {} : { namespace }
    request.authorize({ verb: 'list', resource, ...where })
    request.authorize(pastOf({ verb: 'list', resource, ...where }))
    authorized.add(key)
    return true
  })
}

async function lastCreation(
  log: EventLog,
  stream: string,
  type: string,
): Promise<RecordedEvent | undefined> {
  for await (const event of log.readStream(stream, { direction: 'backwards' })) {
    if (event.type === type) return event
  }
  return undefined
}

const timeMsOf = (event: RecordedEvent | undefined): number =>
  Date.parse(event?.metadata?.time ?? '') || Number.POSITIVE_INFINITY
