import type { Clock } from '@reckon/eventing'
import {
  type KubernetesObject,
  parseApiVersion,
  type Resource,
  resourceId,
  tableOf,
} from '@reckon/kubernetes'
import { type EncodedObjects, encoded } from './encoded-objects.ts'
import type { WatchRepresentation } from './representation.ts'

type Context = { encoded: EncodedObjects; clock: Pick<Clock, 'now'> }

/**
 * Objects of several kinds as rows, each with the cells that a list of its kind has as a Table, the resource that it is
 * of, and the object's metadata. The columns are not told: whoever watches has listed. Ages are counted to the second
 * in which they are told.
 */
export function rowsOfKinds(
  resources: readonly Resource[],
  { encoded: bytes, clock }: Context,
): WatchRepresentation {
  const byKind = new Map(
    resources.map((resource) => [`${resource.group}/${resource.kind}`, resource]),
  )
  const id = 'rows'
  const show = (object: KubernetesObject) => {
    const { group } = parseApiVersion(object.apiVersion)
    const resource = byKind.get(`${group}/${object.kind}`)
    if (resource === undefined) throw new Error(`${object.kind} is not watched here`)
    const now = new Date(clock.now())
    const [row] = tableOf(resource, resource, [object], { now }).rows
    return { resource: resourceId(resource), ...row }
  }
  return {
    id,
    object: (object) =>
      bytes.passing(object, { form: `${id} ${Math.floor(clock.now() / 1000)}`, show }),
    bookmark: (metadata) => encoded({ metadata }),
  }
}
