import { managedBy } from '@reckon/domain'
import {
  certificateSigningRequests,
  isOf,
  type KubernetesObject,
  notFound,
  secondsOf,
} from '@reckon/kubernetes'
import type { FastifyPluginAsync } from 'fastify'
import type { ApiPorts } from '../ports.ts'
import { routeObjects } from '../requests/object-routes.ts'
import { authorizeObjects, queryOf } from '../requests/request-context.ts'
import { changedObject, preconditionsOf } from './changed-object.ts'
import { patchedBy } from './patch.ts'
import { replacementOf } from './replace.ts'
import { waitForVersion } from './resource-version.ts'

/** …/{name}/approval: a request for a certificate, of which only whether it is approved can be written here. */
export const approval: FastifyPluginAsync<{ ports: ApiPorts }> = async (app, { ports }) => {
  const { resources } = ports.objects
  const subresource = 'approval'
  const below = { shape: 'item', subresource } as const

  routeObjects(app, resources, { method: 'GET', ...below }, async (served, request) => {
    const { resource } = served
    authorizeObjects(request, 'get', served)
    await waitForVersion(ports, queryOf(request))
    const stored = ports.objects.get(resource, '', request.params.name)
    if (stored === undefined) throw notFound(resource, request.params.name)
    return stored.object
  })
  routeObjects(app, resources, { method: 'PUT', ...below }, async (served, request, reply) => {
    authorizeObjects(request, 'update', served)
    const object = replacementOf(served, request, reply)
    const preconditions = preconditionsOf(object)
    const change = decided(() => object, ports.clock.now())
    const verb = 'update'
    return changedObject(ports, { served, request, verb, subresource, preconditions, change })
  })
  routeObjects(app, resources, { method: 'PATCH', ...below }, async (served, request, reply) => {
    authorizeObjects(request, 'patch', served)
    const change = decided(patchedBy(served, request, reply), ports.clock.now())
    return changedObject(ports, { served, request, verb: 'patch', subresource, change })
  })
}

/** The change with the times of conditions that say none; who manages fields stays as before. */
const decided =
  (change: (current: KubernetesObject) => KubernetesObject, nowMs: number) =>
  (current: KubernetesObject): KubernetesObject => {
    const wanted = managedBy(change(current), current.metadata.managedFields)
    if (!isOf(certificateSigningRequests, wanted) || !wanted.status?.conditions) return wanted
    const now = secondsOf(nowMs)
    const conditions = wanted.status.conditions.map((condition) => ({
      ...condition,
      lastUpdateTime: condition.lastUpdateTime ?? now,
      lastTransitionTime: condition.lastTransitionTime ?? now,
    }))
    return { ...wanted, status: { ...wanted.status, conditions } }
  }
