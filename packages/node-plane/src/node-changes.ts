import type { Cause } from '@reckon/eventing/bus'
import { isOf, type KubernetesObject, nodes, type Resource } from '@reckon/kubernetes'
import type { NodeChange, NodeUpsert } from './node-message.ts'
import { placeOf, placesId } from './node-place.ts'
import { withoutValue } from './node-secret.ts'

/** An object as a view has it. */
export type Known<T extends KubernetesObject = KubernetesObject> = {
  object: T
  /** The last event that changed more than its status. */
  intent: Cause
}

/** What one event did to one object of the view. */
export type KnownChange = {
  type: 'ADDED' | 'MODIFIED' | 'DELETED'
  resource: Resource
  /** As it is now; for a deletion as it was last. */
  stored: Known
  before?: Known
  position: bigint
  cause: Cause
}

/** What a node learns of an object that it may know. */
export const upsert = (resource: string, { object, intent }: Known): NodeUpsert => ({
  type: 'Upsert',
  resource,
  object: visibleOf(resource, object),
  cause: intent,
})

/** As much of an object as a wire tells. */
function visibleOf(resource: string, object: KubernetesObject): KubernetesObject {
  if (resource === 'secrets') return withoutValue(object)
  return resource === placesId && isOf(nodes, object) ? placeOf(object) : object
}

/** What it learns where it need not know it any more. */
export const removal = (
  resource: string,
  { metadata }: KubernetesObject,
  cause: Cause,
): NodeChange => ({
  type: 'Remove',
  resource,
  namespace: metadata.namespace ?? '',
  name: metadata.name,
  uid: metadata.uid ?? '',
  cause,
})

/** What it learns of a change of one. */
export const changeOf = (resource: string, { type, stored, cause }: KnownChange): NodeChange =>
  type === 'DELETED' ? removal(resource, stored.object, cause) : upsert(resource, stored)
