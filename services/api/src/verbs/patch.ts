import { conflict, fromHub, type KubernetesObject } from '@reckon/kubernetes'
import type { FastifyPluginAsync, FastifyReply } from 'fastify'
import { type ObjectRequest, routeObjects, type ServedResource } from '../requests/object-routes.ts'
import { authorizeObjects, queryOf } from '../requests/request-context.ts'
import { appliedObject } from './apply.ts'
import { changedObject, preconditionsOf } from './changed-object.ts'
import { decodedObject } from './decoded-object.ts'
import { inNamespace, named } from './named-by-path.ts'
import { isApply, patchOf } from './patch-of-request.ts'
import { type WriteContext, writePortsOf } from './write-ports-of.ts'

/** PATCH …/{name}: a JSON patch, merge patch, strategic merge patch or server-side apply, by content type. */
export const patch: FastifyPluginAsync<WriteContext> = async (app, context) => {
  const { resources } = context.ports.objects
  routeObjects(
    app,
    resources,
    { method: 'PATCH', shape: 'item' },
    async (served, request, reply) => {
      authorizeObjects(request, 'patch', served)
      const ports = await writePortsOf(context, { served, request, reply })
      if (isApply(request)) return appliedObject(ports, served, request, reply)
      const change = patchedBy(served, request, reply)
      return changedObject(ports, { served, request, verb: 'patch', change })
    },
  )
}

/** Applies a PATCH to a stored object; takes and returns the stored version. */
export function patchedBy(
  served: ServedResource,
  request: ObjectRequest,
  reply: FastifyReply,
): (current: KubernetesObject) => KubernetesObject {
  const { resource, groupVersion } = served
  const { namespace, name } = request.params
  const apply = patchOf(request, resource)
  return (current) => {
    // The patch was written against the version of the request's path.
    const patched = apply(fromHub(resource, groupVersion, current))
    const decoded = decodedObject(served, { value: patched }, queryOf(request), reply)
    const object = named(inNamespace(decoded, namespace), name)
    const { resourceVersion: wanted } = preconditionsOf(object)
    const { resourceVersion } = current.metadata
    if (wanted !== undefined && wanted !== resourceVersion) throw conflict(resource, name)
    return object
  }
}
