import { eventTypes, type Objects, type Range, type StoredObject, streamOf } from '@reckon/domain'
import type { EventLog, RecordedEvent } from '@reckon/eventing'
import {
  badRequest,
  endpointSlices,
  ingressClasses,
  ingresses,
  isOf,
  type KubernetesObject,
  labelMapSelector,
  objectKey,
  type Resource,
  serviceNameLabel,
  services,
} from '@reckon/kubernetes'
import {
  type BackendAnswer,
  findRoute,
  ingressHosts,
  type MadeBy,
  otherRules,
  portOf,
  type RouteAnswer,
  serviceMap,
} from '@reckon/routing'
import type { FastifyPluginAsync } from 'fastify'
import type { Moments } from '../past/moments.ts'
import type { Past } from '../past/past.ts'
import type { ApiPorts } from '../ports.ts'
import { queryOf } from '../requests/request-context.ts'
import { untilGone } from '../requests/until-gone.ts'
import { waitForVersion } from '../verbs/resource-version.ts'
import { historyPath } from './events.ts'
import { authorizeKinds } from './kinds-named.ts'
import { momentNamed } from './moment-named.ts'

type Context = { ports: ApiPorts; past: Past; moments: Moments }

/** Everything that is read as of one moment. */
type Moment = {
  position: bigint
  get(resource: Resource, namespace: string, name: string): Promise<StoredObject | undefined>
  list(resource: Resource, range?: Range): Promise<readonly StoredObject[]>
}

/**
 * GET …/route?host=&path=&at=: where a request is routed, now or at a moment: through which Ingress and Services to
 * which endpoints, and which events caused this.
 */
export const route: FastifyPluginAsync<Context> = async (app, { ports, past, moments }) => {
  app.get(`${historyPath}/route`, async (request, reply): Promise<RouteAnswer> => {
    authorizeKinds(request, [ingresses, ingressClasses, services, endpointSlices])
    const { host, path = '/', at } = queryOf(request)
    if (!host) throw badRequest('host: which host is asked for?')
    const gone = untilGone(reply)
    const named = at
      ? await momentNamed({ ports, moments }, { name: 'at', text: at }, gone)
      : undefined
    await waitForVersion(ports, { resourceVersion: named?.position.toString() })
    const moment = named ? then(past, named.position, gone) : now(ports.objects)
    return tell(ports.log, moment, { host, path })
  })
}

const now = (objects: Objects): Moment => ({
  position: objects.position ?? 0n,
  get: async (resource, namespace, name) => objects.get(resource, namespace, name),
  list: async (resource, range) => [...objects.scan(resource, range)],
})

function then(past: Past, position: bigint, signal: AbortSignal): Moment {
  const objects = past.at(position)
  return {
    position,
    get: (resource, namespace, name) => objects.get(resource, namespace, name, signal),
    list: (resource, range = {}) => Array.fromAsync(objects.scan(resource, range, signal)),
  }
}

async function tell(
  log: EventLog,
  moment: Moment,
  asked: { host: string; path: string },
): Promise<RouteAnswer> {
  const all = await moment.list(ingresses)
  const classes = await moment.list(ingressClasses)
  const edge = [those(ingresses, all), those(ingressClasses, classes)] as const
  const found = findRoute(ingressHosts(...edge), asked)
  const asAsked = { position: String(moment.position), ...asked, outcome: found.outcome }
  if (found.outcome !== 'Routed') return { ...asAsked, backends: [], others: [] }
  const { rule, host, backends } = found
  const { ingress } = rule.origin
  const made = all.find(({ object }) => objectKey(object.metadata) === ingress)
  const answer = answerOf(rule)
  return {
    ...asAsked,
    rule: {
      ...{ host, match: rule.match, path: rule.path, ingress },
      ...(answer !== undefined && { answer }),
      ...(await withEvent(log, ingresses, made)),
    },
    backends: await Promise.all(backends.map((each) => backendAnswer(log, moment, each))),
    others: otherRules(...edge, { request: asked, won: found }).slice(0, othersMax),
  }
}

/** The limit of other rules in the answer: the number of rules for all hosts is unlimited. */
const othersMax = 50

/** What the edge answers itself. */
function answerOf({ backend, options }: Routed['rule']): string | undefined {
  if (options?.redirect) return 'a redirection'
  return 'resource' in backend ? `501, ${backend.resource} is no Service` : undefined
}

type Routed = Extract<ReturnType<typeof findRoute>, { outcome: 'Routed' }>

async function backendAnswer(
  log: EventLog,
  moment: Moment,
  { backend, percent }: Routed['backends'][number],
): Promise<BackendAnswer> {
  const { namespace, service: name, port } = backend
  const key = objectKey({ namespace, name })
  const stored = await moment.get(services, namespace, name)
  const labels = labelMapSelector({ [serviceNameLabel]: name })
  const slices = await moment.list(endpointSlices, { namespace, labels })
  const known = serviceMap(those(services, stored ? [stored] : []), those(endpointSlices, slices))
  const externalName = known.get(key)?.externalName
  return {
    ...{ service: key, port, percent },
    ...(externalName !== undefined && { externalName }),
    endpoints: portOf(known, backend)?.endpoints ?? [],
    slices: await Promise.all(slices.map((slice) => eventOf(log, endpointSlices, slice))),
    ...(await withEvent(log, services, stored)),
  }
}

const those = <T extends KubernetesObject>(
  resource: Resource<T>,
  stored: readonly StoredObject[],
) => stored.flatMap(({ object }) => (isOf(resource, object) ? [object] : []))

const withEvent = async (log: EventLog, resource: Resource, stored: StoredObject | undefined) =>
  stored === undefined ? {} : { event: await eventOf(log, resource, stored) }

/** How many events of an object to search: routes do not depend on status, whose changes are skipped. */
const statusChangesMax = 100

/** The event by which a route depends on the object: its last one, apart from changes of its status. */
async function eventOf(
  log: EventLog,
  resource: Resource,
  { object, revision }: StoredObject,
): Promise<MadeBy> {
  const { namespace, name } = object.metadata
  const stream = streamOf(resource, namespace, name)
  const { statusChanged } = eventTypes(resource.kind)
  const span = { direction: 'backwards', from: revision, limit: statusChangesMax } as const
  let last: RecordedEvent | undefined
  for await (const event of log.readStream(stream, span)) {
    last ??= event
    if (event.type !== statusChanged) return madeBy(stream, event)
  }
  if (last === undefined) throw new Error(`${stream} has no event ${revision}`)
  return madeBy(stream, last)
}

function madeBy(stream: string, { type, position, metadata }: RecordedEvent): MadeBy {
  const { actor, time = '', $correlationId: correlationId = '' } = metadata ?? {}
  const user = actor?.user ?? ''
  return { stream, type, position: String(position), time, user, correlationId }
}
