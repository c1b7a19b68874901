import type { Resource, ResourceTable } from '@reckon/kubernetes'
import type { FastifyRequest } from 'fastify'
import { historyGroup } from '../past/past-of-request.ts'
import { kindNamed } from './kind-named.ts'

/** The kinds in a comma-separated list; undefined (all of them) where it is empty. */
export const kindsNamed = (
  resources: ResourceTable,
  text: string | undefined,
): readonly Resource[] | undefined =>
  text ? text.split(',').map((kind) => kindNamed(resources, kind)) : undefined

/**
 * Refuses users who may not read the past of these kinds; without kinds, the right to the past of all of them is
 * needed, as for reading the whole log. (Everybody may `get` the paths below `/apis`, by upstream's role
 * `system:discovery`.)
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
