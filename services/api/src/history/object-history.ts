import {
  Blame,
  type HistoricChange,
  historyOf,
  isNoise,
  objectFold,
  streamOf,
} from '@reckon/domain'
import type { RecordedEvent } from '@reckon/eventing'
import { notFound, type Resource } from '@reckon/kubernetes'
import type { FastifyPluginAsync, FastifyRequest } from 'fastify'
import { authorizeHistory } from '../past/past-of-request.ts'
import { yieldEvery } from '../past/yield-every.ts'
import type { ApiPorts } from '../ports.ts'
import { isTrue, queryOf } from '../requests/request-context.ts'
import { untilGone } from '../requests/until-gone.ts'
import { waitForVersion } from '../verbs/resource-version.ts'
import { historyPath } from './events.ts'
import { kindEver } from './kind-ever.ts'
import { shownBlame, shownChange } from './shown-history.ts'

type Params = { namespace?: string; kind: string; name: string }
type HistoryRequest = FastifyRequest<{ Params: Params }>

/**
 * GET …/[namespaces/{namespace}/]{kind}/{name}/history: the changes of an object, across deletions: when, by whom,
 * which fields. …/blame: each field with who set its value. `all=true` includes status and the bookkeeping of servers.
 */
export const objectHistory: FastifyPluginAsync<{ ports: ApiPorts }> = async (app, { ports }) => {
  const shapes = ['/namespaces/:namespace/:kind/:name', '/:kind/:name']
  for (const shape of shapes) {
    app.get<{ Params: Params }>(`${historyPath}${shape}/history`, async (request, reply) => {
      const { resource, read } = await asked(ports, request)
      const changes = await Array.fromAsync(read(untilGone(reply)))
      const isAll = isTrue(queryOf(request).all)
      const told = changes.flatMap((change) => shownChange(resource, change, isAll) ?? [])
      return { ...named(resource, request), folded: changes.length - told.length, changes: told }
    })
    app.get<{ Params: Params }>(`${historyPath}${shape}/blame`, async (request, reply) => {
      const { resource, read } = await asked(ports, request)
      const blame = new Blame(resource)
      let last: HistoricChange | undefined
      for await (const change of read(untilGone(reply))) {
        blame.apply(change)
        last = change
      }
      const isAll = isTrue(queryOf(request).all)
      const fields = blame.fields.filter(({ field }) => isAll || !isNoise(field))
      return {
        ...named(resource, request),
        isGone: last?.effect === 'Deleted',
        fields: fields.map((field) => shownBlame(resource, field)),
      }
    })
  }
}

/** The object that a request is about; refused with 403 if its user may not read the object's past. */
async function asked(
  ports: ApiPorts,
  request: HistoryRequest,
): Promise<{ resource: Resource; read(signal: AbortSignal): AsyncIterable<HistoricChange> }> {
  const { kind, namespace = '', name } = request.params
  const resource = await kindEver(ports, kind)
  authorizeHistory(request, { resource, namespace, name })
  await waitForVersion(ports, {})
  return { resource, read: (signal) => changesOf(ports, { resource, namespace, name }, signal) }
}

/** How many changes are folded and compared before other requests are served. */
const turnChanges = 10

/**
 * The changes of an object, yielding to other requests in between; 404 if it never existed. Throws once the signal
 * aborts.
 */
async function* changesOf(
  { log, objects, clock }: ApiPorts,
  { resource, namespace, name }: { resource: Resource; namespace: string; name: string },
  signal: AbortSignal,
): AsyncGenerator<HistoricChange> {
  const events: RecordedEvent[] = []
  for await (const event of log.readStream(streamOf(resource, namespace, name))) {
    signal.throwIfAborted()
    events.push(event)
  }
  const turn = yieldEvery({ clock, signal, items: turnChanges })
  const fold = objectFold(resource, (event) => objects.keys.open(event))
  let isThere = false
  for (const change of historyOf(resource, events, fold)) {
    isThere = true
    yield change
    await turn()
  }
  if (!isThere) throw notFound(resource, name)
}

const named = ({ plural, group, kind, namespaced }: Resource, { params }: HistoryRequest) => ({
  ...{ kind, resource: group === '' ? plural : `${plural}.${group}` },
  ...(namespaced && params.namespace && { namespace: params.namespace }),
  name: params.name,
})
