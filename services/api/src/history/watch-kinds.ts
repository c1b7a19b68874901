import { badRequest, type Resource, type ResourceTable } from '@reckon/kubernetes'
import type { FastifyPluginAsync, FastifyRequest } from 'fastify'
import { isOfFormerNamespace } from '../past/former-namespace.ts'
import { mayDo, pastOf } from '../past/past-of-request.ts'
import type { ApiPorts } from '../ports.ts'
import type { EncodedObjects } from '../representation/encoded-objects.ts'
import { rowsOfKinds } from '../representation/rows-of-kinds.ts'
import { beginLines } from '../requests/json-lines.ts'
import { integerOf, type Query, queryOf } from '../requests/request-context.ts'
import { waitForVersion } from '../verbs/resource-version.ts'
import { type Selection, selectionOf } from '../verbs/selection.ts'
import { expiredRefusal, formerNamespaceExpired, watchSecondsOf } from '../watching/watch.ts'
import { bookmarkOf } from '../watching/watch-lines.ts'
import { startOf } from '../watching/watch-query.ts'
import { Watcher } from '../watching/watcher.ts'
import type { Watches } from '../watching/watches.ts'
import { historyPath } from './events.ts'
import { kindsNamed } from './kinds-named.ts'

type Context = { ports: ApiPorts; watches: Watches; encoded: EncodedObjects }

/**
 * GET …/watch?resources=pods,deployments.apps&namespace=&labelSelector=&resourceVersion=&timeoutSeconds=: the changes
 * of several kinds after a version (by default from now on), in log order, as JSON lines like those of any watch, with
 * rows as objects. It begins with a bookmark, and sends one every ten seconds.
 */
export const watchKinds: FastifyPluginAsync<Context> = async (app, context) => {
  const { ports, watches } = context
  // A stream never ends, so a HEAD could wait for ever.
  app.get(`${historyPath}/watch`, { exposeHeadRoute: false }, async (request, reply) => {
    const query = queryOf(request)
    const resources = watchedIn(ports.objects.resources, query)
    authorizeWatches(request, resources, query)
    const selection = selectionOfKinds(resources, query)
    const representation = rowsOfKinds(resources, { ...context, clock: ports.clock })
    const durationTicks = watchSecondsOf(ports, integerOf(query, 'timeoutSeconds'))
    const refusal = await waitForVersion(ports, query).catch(expiredRefusal)
    const after = startOf(query, ports.objects.position ?? 0n)
    const isRefused = await isOfFormer(ports, request, { resources, query, after })
    const wanted = { selection, representation, after, wantsBookmarks: true, durationTicks }
    const watcher = new Watcher(beginLines(request, reply), wanted)
    const why = refusal ?? (isRefused ? formerNamespaceExpired : undefined)
    if (why !== undefined) return watcher.end(why)
    const begin = bookmarkOf(representation, { resourceVersion: String(after) })
    watches.begin(resources, watcher, [begin])
  })
}

function watchedIn(table: ResourceTable, { resources: text }: Query): readonly Resource[] {
  const resources = kindsNamed(table, text)
  if (resources === undefined) throw badRequest('resources: which kinds to watch is not said')
  const [unstored] = resources.filter(({ isReview, isUsage }) => isReview || isUsage)
  if (unstored) throw badRequest(`resources: nothing happens to ${unstored.plural}`)
  return [...new Set(resources)]
}

/** Authorized like a watch of each kind. */
function authorizeWatches(
  request: FastifyRequest,
  resources: readonly Resource[],
  { namespace }: Query,
): void {
  for (const resource of resources) request.authorize(watchOf(resource, namespace))
}

const watchOf = (resource: Resource, namespace: string | undefined) => ({
  ...{ verb: 'watch', resource },
  ...(resource.namespaced && namespace && { namespace }),
})

/** Namespaced objects of this namespace, and all cluster-scoped ones. */
function selectionOfKinds(
  resources: readonly Resource[],
  { namespace, labelSelector }: Query,
): Selection {
  const [first] = resources
  if (first === undefined) throw badRequest('resources: none are named')
  const isWithin = resources.every(({ namespaced }) => namespaced)
  const home = namespace || undefined
  const all = selectionOf(first, { labelSelector }, isWithin ? home : undefined)
  if (isWithin || home === undefined) return all
  return {
    ...all,
    id: JSON.stringify([home, labelSelector]),
    matches: (object) =>
      [undefined, home].includes(object.metadata.namespace) && all.matches(object),
  }
}

/** Whether a user without the right to the past asks for what was before the present namespace of that name. */
async function isOfFormer(
  ports: ApiPorts,
  request: FastifyRequest,
  { resources, query, after }: { resources: readonly Resource[]; query: Query; after: bigint },
): Promise<boolean> {
  const { namespace } = query
  if (!namespace || !(await isOfFormerNamespace(ports, namespace, after))) return false
  return resources.some((each) => !mayDo(request, pastOf(watchOf(each, namespace))))
}
