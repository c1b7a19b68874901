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
 * Objects of several kinds as rows: the cells that a Table of the object's kind has, its resource, and its metadata.
 * Columns are omitted, since the client has them from the list. Ages are as of the second in which they are sent.
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
