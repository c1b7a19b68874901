import { isOf, type KubernetesObject, notFound, type Pod, pods } from '@reckon/kubernetes'
import type { FastifyPluginAsync } from 'fastify'
import type { ApiPorts } from '../ports.ts'
import { sendObject } from '../representation/answer.ts'
import type { EncodedObjects } from '../representation/encoded-objects.ts'
import { representationOf } from '../representation/representation-of.ts'
import { routeObjects } from '../requests/object-routes.ts'
import { authorizeObjects, queryOf } from '../requests/request-context.ts'
import { changedObject, preconditionsOf } from './changed-object.ts'
import { patchedBy } from './patch.ts'
import { replacementOf } from './replace.ts'
import { waitForVersion } from './resource-version.ts'

type Context = { ports: ApiPorts; encoded: EncodedObjects }

/** …/pods/{name}/ephemeralcontainers: the pod, of which only these can be written here (`kubectl debug`). */
export const ephemeralContainers: FastifyPluginAsync<Context> = async (app, { ports, encoded }) => {
  const { resources } = ports.objects
  const subresource = 'ephemeralcontainers'
  const below = { shape: 'item', subresource } as const

  routeObjects(app, resources, { method: 'GET', ...below }, async (served, request, reply) => {
    authorizeObjects(request, 'get', served)
    const representation = representationOf(request, served, { encoded, clock: ports.clock })
    await waitForVersion(ports, queryOf(request))
    const { namespace = '', name } = request.params
    const stored = ports.objects.get(served.resource, namespace, name)
    if (stored === undefined) throw notFound(served.resource, name)
    return sendObject(reply, representation, stored.object)
  })
  routeObjects(app, resources, { method: 'PUT', ...below }, async (served, request, reply) => {
    authorizeObjects(request, 'update', served)
    const object = replacementOf(served, request, reply)
    const preconditions = preconditionsOf(object)
    const change = onlyThese(() => object)
    return changedObject(ports, {
      served,
      request,
      verb: 'update',
      subresource,
      preconditions,
      change,
    })
  })
  routeObjects(app, resources, { method: 'PATCH', ...below }, async (served, request, reply) => {
    authorizeObjects(request, 'patch', served)
    const change = onlyThese(patchedBy(served, request, reply))
    return changedObject(ports, { served, request, verb: 'patch', subresource, change })
  })
}

/** All else of the pod stays as it is. */
const onlyThese =
  (wantedOf: (current: KubernetesObject) => KubernetesObject) =>
  (current: KubernetesObject): KubernetesObject => {
    const wanted = wantedOf(current)
    return isOf(pods, current) && isOf(pods, wanted) ? withEphemeral(current, wanted) : current
  }

const withEphemeral = (current: Pod, { spec }: Pod): Pod => ({
  ...current,
  spec: {
    ...current.spec,
    ...(spec.ephemeralContainers && { ephemeralContainers: spec.ephemeralContainers }),
  },
})
