import type { Resource, ResourceTable } from '@reckon/kubernetes'
import type { FastifyRequest } from 'fastify'
import { historyGroup } from '../past/past-of-request.ts'
import { kindNamed } from './kind-named.ts'

/** The kinds that a text names by commas; undefined where it is empty: all of them. */
export const kindsNamed = (
  resources: ResourceTable,
  text: string | undefined,
): readonly Resource[] | undefined =>
  text ? text.split(',').map((kind) => kindNamed(resources, kind)) : undefined

/**
 * Refuses who may not read the past of these kinds; without any the right to that of all of them is needed, as whatever
 * reads the whole log takes it. (Everybody may `get` the paths below `/apis`, by upstream's role `system:discovery`.)
 */
export function authorizeKinds(
  request: FastifyRequest,
  kinds: readonly Resource[] | undefined,
  namespace?: string,
): void {
  const where = namespace === undefined ? {} : { namespace }
  for (const { group, plural } of kinds ?? [{ group: '*', plural: '*' }]) {
    request.authorize({ verb: 'list', resource: { group, plural }, ...where })
    request.authorize({ verb: 'past', resource: { group: historyGroup, plural }, ...where })
  }
}
