import type { Cause } from '@reckon/eventing/bus'
import { isOf, type KubernetesObject, nodes, type Resource } from '@reckon/kubernetes'
import type { NodeChange, NodeUpsert } from './node-message.ts'
import { placeOf, placesId } from './node-place.ts'
import { withoutValue } from './node-secret.ts'

/** An object of the view. */
export type ViewObject<T extends KubernetesObject = KubernetesObject> = {
  object: T
  /** The last event that changed more than its status. */
  intent: Cause
}

/** What one event did to one object of the view. */
export type ViewChange = {
  type: 'ADDED' | 'MODIFIED' | 'DELETED'
  resource: Resource
  /** The object as it is now; its last state for a deletion. */
  stored: ViewObject
  before?: ViewObject
  position: bigint
  cause: Cause
}

/** What a node is told of an object that it may know. */
export const upsert = (resource: string, { object, intent }: ViewObject): NodeUpsert => ({
  type: 'Upsert',
  resource,
  object: visibleOf(resource, object),
  cause: intent,
})

/** The part of an object that is sent to nodes. */
function visibleOf(resource: string, object: KubernetesObject): KubernetesObject {
  if (resource === 'secrets') return withoutValue(object)
  return resource === placesId && isOf(nodes, object) ? placeOf(object) : object
}

/** What a node is told when it no longer needs to know an object. */
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

/** What a node is told of a change to an object that it may know. */
export const changeOf = (resource: string, { type, stored, cause }: ViewChange): NodeChange =>
  type === 'DELETED' ? removal(resource, stored.object, cause) : upsert(resource, stored)
