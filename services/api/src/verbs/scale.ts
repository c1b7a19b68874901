import { badRequest, decodeOptions, type KubernetesObject, type Scale } from '@reckon/kubernetes'
import type { FastifyPluginAsync, FastifyRequest } from 'fastify'
import { routeObjects } from '../requests/object-routes.ts'
import { plainObject } from '../requests/request-body.ts'
import { authorizeObjects } from '../requests/request-context.ts'
import { appliedScale } from './apply-scale.ts'
import { changedObject, preconditionsOf } from './changed-object.ts'
import { isApply, patchOf } from './patch-of-request.ts'
import { type ReadContext, readObject } from './read-object.ts'
import { scaledBy, scaleOf } from './scale-of.ts'

/** …/{name}/scale: the number of replicas, seen as a Scale whatever the kind. */
export const scale: FastifyPluginAsync<ReadContext> = async (app, context) => {
  const { ports } = context
  const { resources } = ports.objects
  const subresource = 'scale'
  const below = { shape: 'item', subresource } as const

  routeObjects(app, resources, { method: 'GET', ...below }, async (served, request, reply) => {
    const { resource } = served
    authorizeObjects(request, 'get', served)
    return scaleOf(resource, await readObject(context, resource, { request, reply }))
  })
  routeObjects(app, resources, { method: 'PUT', ...below }, async (served, request) => {
    authorizeObjects(request, 'update', served)
    const wanted = scaleIn(request)
    const preconditions = preconditionsOf(wanted)
    const change = (current: KubernetesObject) => scaledBy(served.resource, current, wanted)
    const asked = { served, request, verb: 'update', subresource, preconditions, change } as const
    return scaleOf(served.resource, await changedObject(ports, asked))
  })
  routeObjects(app, resources, { method: 'PATCH', ...below }, async (served, request) => {
    const { resource } = served
    authorizeObjects(request, 'patch', served)
    if (isApply(request)) return appliedScale(ports, served, request)
    const apply = patchOf(request)
    const change = (current: KubernetesObject) =>
      scaledBy(resource, current, decodeOptions('Scale', apply(scaleOf(resource, current))))
    const asked = { served, request, verb: 'patch', subresource, change } as const
    return scaleOf(resource, await changedObject(ports, asked))
  })
}

/** The Scale in the body of a PUT; kubectl sends it without a content type. */
function scaleIn(request: FastifyRequest): Partial<Scale> {
  const wanted = plainObject(request, 'Scale')
  if (wanted?.kind !== 'Scale') throw badRequest('the request body is not a Scale')
  return wanted
}
