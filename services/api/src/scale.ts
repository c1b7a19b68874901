import { badRequest, type KubernetesObject, notFound } from '@reckon/kubernetes'
import type { FastifyPluginAsync, FastifyRequest } from 'fastify'
import { changedObject, preconditionsOf } from './changed-object.ts'
import { patchOf } from './patch-of-request.ts'
import type { ApiPorts } from './ports.ts'
import { plainObject } from './request-body.ts'
import { authorizeObjects, queryOf } from './request-context.ts'
import { waitForVersion } from './resource-version.ts'
import { scaledBy, scaleOf } from './scale-of.ts'
import { type ObjectParams, servedResources } from './served-resources.ts'

/** …/{name}/scale: the number of replicas, seen as a Scale whatever the kind. */
export const scale: FastifyPluginAsync<{ ports: ApiPorts }> = async (app, { ports }) => {
  for (const served of servedResources) {
    const { resource } = served
    if (!resource.subresources.includes('scale')) continue
    const path = `${served.item}/scale`
    const subresource = 'scale'
    const about = { resource, subresource } as const

    app.get<{ Params: ObjectParams }>(path, async (request) => {
      authorizeObjects(request, 'get', about)
      await waitForVersion(ports, queryOf(request))
      const { namespace = '', name } = request.params
      const stored = ports.objects.get(resource, namespace, name)
      if (stored === undefined) throw notFound(resource, name)
      return scaleOf(stored.object)
    })
    app.put<{ Params: ObjectParams }>(path, async (request) => {
      authorizeObjects(request, 'update', about)
      const wanted = scaleIn(request)
      const preconditions = preconditionsOf(wanted)
      const change = (current: KubernetesObject) => scaledBy(current, wanted)
      const asked = { served, request, verb: 'update', subresource, preconditions, change } as const
      return scaleOf(await changedObject(ports, asked))
    })
    app.patch<{ Params: ObjectParams }>(path, async (request) => {
      authorizeObjects(request, 'patch', about)
      const apply = patchOf(request)
      const change = (current: KubernetesObject) => scaledBy(current, apply(scaleOf(current)))
      const asked = { served, request, verb: 'patch', subresource, change } as const
      return scaleOf(await changedObject(ports, asked))
    })
  }
}

/** The Scale that a PUT carries; kubectl sends it without a content type. */
function scaleIn(request: FastifyRequest): KubernetesObject {
  const wanted = plainObject(request)
  if (wanted?.kind !== 'Scale') throw badRequest('the request body is not a Scale')
  return { ...(wanted as KubernetesObject), metadata: (wanted.metadata ?? {}) as never }
}
