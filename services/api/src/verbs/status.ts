import { managedBy } from '@reckon/domain'
import { type KubernetesObject, notFound } from '@reckon/kubernetes'
import type { FastifyPluginAsync } from 'fastify'
import type { ApiPorts } from '../ports.ts'
import { sendObject } from '../representation/answer.ts'
import type { EncodedObjects } from '../representation/encoded-objects.ts'
import { representationOf } from '../representation/representation-of.ts'
import { withHeartbeats } from '../representation/with-heartbeats.ts'
import { routeObjects } from '../requests/object-routes.ts'
import { authorizeObjects, queryOf } from '../requests/request-context.ts'
import { appliedObject } from './apply.ts'
import { changedObject, preconditionsOf } from './changed-object.ts'
import { patchedBy } from './patch.ts'
import { isApply } from './patch-of-request.ts'
import { replacementOf } from './replace.ts'
import { waitForVersion } from './resource-version.ts'

type Context = { ports: ApiPorts; encoded: EncodedObjects }

/** …/{name}/status: the object, of which only the status can be written here. */
export const status: FastifyPluginAsync<Context> = async (app, { ports, encoded }) => {
  const { resources } = ports.objects
  const subresource = 'status'
  const below = { shape: 'item', subresource } as const

  routeObjects(app, resources, { method: 'GET', ...below }, async (served, request, reply) => {
    const { resource } = served
    authorizeObjects(request, 'get', served)
    const representation = representationOf(request, served, { encoded, clock: ports.clock })
    await waitForVersion(ports, queryOf(request))
    const { namespace = '', name } = request.params
    const stored = ports.objects.get(resource, namespace, name)
    if (stored === undefined) throw notFound(resource, name)
    return sendObject(reply, withHeartbeats(representation, ports.heartbeats), stored.object)
  })
  routeObjects(app, resources, { method: 'PUT', ...below }, async (served, request, reply) => {
    authorizeObjects(request, 'update', served)
    const object = replacementOf(served, request, reply)
    const preconditions = preconditionsOf(object)
    const change = managedAsBefore(() => object)
    const verb = 'update'
    return changedObject(ports, { served, request, verb, subresource, preconditions, change })
  })
  routeObjects(app, resources, { method: 'PATCH', ...below }, async (served, request, reply) => {
    authorizeObjects(request, 'patch', served)
    if (isApply(request)) return appliedObject(ports, served, request, reply)
    const change = managedAsBefore(patchedBy(served, request, reply))
    return changedObject(ports, { served, request, verb: 'patch', subresource, change })
  })
}

/** Who manages fields is said of the object itself alone. */
const managedAsBefore =
  (change: (current: KubernetesObject) => KubernetesObject) =>
  (current: KubernetesObject): KubernetesObject =>
    managedBy(change(current), current.metadata.managedFields)
