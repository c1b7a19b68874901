import type { KubernetesObject } from '@reckon/kubernetes'
import type { Change } from '@reckon/writing'
import type { FastifyInstance } from 'fastify'
import type { ApiPorts } from '../ports.ts'
import { routeObjects } from '../requests/object-routes.ts'
import { authorizeObjects } from '../requests/request-context.ts'
import { appliedObject } from './apply.ts'
import { changedObject, preconditionsOf } from './changed-object.ts'
import { patchedBy } from './patch.ts'
import { isApply } from './patch-of-request.ts'
import { answerObject, type ReadContext } from './read-object.ts'
import { replacementOf } from './replace.ts'

type Part = {
  subresource: NonNullable<Change['subresource']>
  /** Merges this part of the wanted object into the stored one. */
  written(wanted: KubernetesObject, current: KubernetesObject): KubernetesObject
  /** Whether it also takes server-side apply. */
  isApplicable?: true
}

/** …/{name}/<part>: reads the whole object; PUT and PATCH write only this part of it. */
export function routePart(app: FastifyInstance, context: ReadContext, part: Part): void {
  const { ports } = context
  const { subresource, written, isApplicable } = part
  const { resources } = ports.objects
  const below = { shape: 'item', subresource } as const

  routeObjects(app, resources, { method: 'GET', ...below }, (served, request, reply) =>
    answerObject(context, { served, request, reply }),
  )
  routeReplacement(app, ports, part)
  routeObjects(app, resources, { method: 'PATCH', ...below }, async (served, request, reply) => {
    authorizeObjects(request, 'patch', served)
    if (isApplicable && isApply(request)) return appliedObject(ports, served, request, reply)
    const patched = patchedBy(served, request, reply)
    const change = (current: KubernetesObject) => written(patched(current), current)
    return changedObject(ports, { served, request, verb: 'patch', subresource, change })
  })
}

/** PUT …/{name}/<part>: a whole object, of which only this part is written. */
export function routeReplacement(
  app: FastifyInstance,
  ports: ApiPorts,
  { subresource, written }: Part,
): void {
  const route = { method: 'PUT', shape: 'item', subresource } as const
  routeObjects(app, ports.objects.resources, route, async (served, request, reply) => {
    authorizeObjects(request, 'update', served)
    const object = replacementOf(served, request, reply)
    const preconditions = preconditionsOf(object)
    const change = (current: KubernetesObject) => written(object, current)
    const asked = { served, request, verb: 'update', subresource, preconditions, change } as const
    return changedObject(ports, asked)
  })
}
