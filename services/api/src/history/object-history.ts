import {
  blame,
  type HistoricChange,
  historyOf,
  isNoise,
  objectFold,
  streamOf,
} from '@reckon/domain'
import { notFound, type Resource } from '@reckon/kubernetes'
import type { FastifyPluginAsync, FastifyRequest } from 'fastify'
import { authorizeHistory } from '../past/past-of-request.ts'
import type { ApiPorts } from '../ports.ts'
import { isTrue, queryOf } from '../requests/request-context.ts'
import { waitForVersion } from '../verbs/resource-version.ts'
import { historyPath } from './events.ts'
import { kindNamed } from './kind-named.ts'
import { toldBlame, toldChange } from './told-history.ts'

type Params = { namespace?: string; kind: string; name: string }
type HistoryRequest = FastifyRequest<{ Params: Params }>

/**
 * GET …/[namespaces/{namespace}/]{kind}/{name}/history: what became of an object, across deletions: when, by whom, which fields.
 * …/blame: each field as it is, with who gave it that value. `all=true` tells status and what servers note for themselves, too.
 */
export const objectHistory: FastifyPluginAsync<{ ports: ApiPorts }> = async (app, { ports }) => {
  const shapes = ['/namespaces/:namespace/:kind/:name', '/:kind/:name']
  for (const shape of shapes) {
    app.get<{ Params: Params }>(`${historyPath}${shape}/history`, async (request) => {
      const { resource, changes } = await read(ports, request)
      const isAll = isTrue(queryOf(request).all)
      const told = changes.flatMap((change) => toldChange(resource, change, isAll) ?? [])
      return { ...named(resource, request), folded: changes.length - told.length, changes: told }
    })
    app.get<{ Params: Params }>(`${historyPath}${shape}/blame`, async (request) => {
      const { resource, changes } = await read(ports, request)
      const isAll = isTrue(queryOf(request).all)
      const fields = blame(resource, changes).filter(({ field }) => isAll || !isNoise(field))
      const last = changes.at(-1)
      return {
        ...named(resource, request),
        isGone: last?.effect === 'Deleted',
        fields: fields.map((field) => toldBlame(resource, field)),
      }
    })
  }
}

async function read(
  ports: ApiPorts,
  request: HistoryRequest,
): Promise<{ resource: Resource; changes: readonly HistoricChange[] }> {
  const { log, objects } = ports
  const { kind, namespace = '', name } = request.params
  const resource = kindNamed(objects.resources, kind)
  authorizeHistory(request, { resource, namespace, name })
  await waitForVersion(ports, {})
  const events = await Array.fromAsync(log.readStream(streamOf(resource, namespace, name)))
  const fold = objectFold(resource, (event) => objects.keys.open(event))
  const changes = [...historyOf(resource, events, fold)]
  if (changes.length === 0) throw notFound(resource, name)
  return { resource, changes }
}

const named = ({ plural, group, kind, namespaced }: Resource, { params }: HistoryRequest) => ({
  ...{ kind, resource: group === '' ? plural : `${plural}.${group}` },
  ...(namespaced && params.namespace && { namespace: params.namespace }),
  name: params.name,
})
