import type { KubernetesObject } from '@reckon/kubernetes'
import type { FastifyPluginAsync, FastifyReply } from 'fastify'
import type { ApiPorts } from '../ports.ts'
import { type ObjectRequest, routeObjects, type ServedResource } from '../requests/object-routes.ts'
import { sentObject } from '../requests/request-body.ts'
import { authorizeObjects, queryOf } from '../requests/request-context.ts'
import { changedObject, preconditionsOf } from './changed-object.ts'
import { decodedObject } from './decoded-object.ts'
import { inNamespace, named } from './named-by-path.ts'

/** PUT …/{name}: replaces the whole object. */
export const replace: FastifyPluginAsync<{ ports: ApiPorts }> = async (app, { ports }) => {
  const { resources } = ports.objects
  routeObjects(app, resources, { method: 'PUT', shape: 'item' }, async (served, request, reply) => {
    authorizeObjects(request, 'update', served)
    const object = replacementOf(served, request, reply)
    const preconditions = preconditionsOf(object)
    const change = () => object
    return changedObject(ports, { served, request, verb: 'update', preconditions, change })
  })
}

/** The object in the body of a PUT; refused unless it is the one that the path names. */
export function replacementOf(
  served: ServedResource,
  request: ObjectRequest,
  reply: FastifyReply,
): KubernetesObject {
  const { namespace, name } = request.params
  const decoded = decodedObject(served, sentObject(request), queryOf(request), reply)
  return named(inNamespace(decoded, namespace), name)
}
