import type { Actor, Ids } from '@reckon/eventing'
import type { KubernetesObject, PolicyRule, Resource } from '@reckon/kubernetes'
import type { Requester } from '../access/access.ts'
import type { Cluster } from '../cluster.ts'
import type { WritableSubresource } from '../kinds/kind-rules.ts'
import type { StoredObject } from '../stored-object.ts'

/** An object to be written. */
export type Write = {
  resource: Resource
  object: KubernetesObject
  /** The stored object; absent on creation. */
  before?: KubernetesObject
  subresource?: WritableSubresource
  /** The user who writes; absent where it does not matter. */
  actor?: Actor
}

/** What is known of other objects. */
export type OtherObjects = {
  /** What the cluster was founded with. */
  cluster?: Cluster | undefined
  get<T extends KubernetesObject>(
    resource: Resource<T>,
    namespace: string,
    name: string,
  ): StoredObject<T> | undefined
  /** The objects of a resource, in one namespace or all, by namespace and name, as far as the view has them. */
  list<T extends KubernetesObject>(
    resource: Resource<T>,
    namespace?: string,
  ): readonly StoredObject<T>[]
  /** The rules that a user's roles grant, in the whole cluster and in a namespace. */
  rulesOf(user: Requester, namespace?: string): Iterable<PolicyRule>
}

/**
 * A mutating plugin: completes an object from what other objects say. Pure, and total: the object is not validated yet.
 */
export type MutatingPlugin = {
  /** Kubernetes' name for it. */
  name: string
  mutate(write: Write, others: OtherObjects, ids: Ids): KubernetesObject
}

/** A validating plugin: refuses what other objects do not allow. Pure. */
export type AdmissionPlugin = {
  /** Kubernetes' name for it. */
  name: string
  admit(write: Write, others: OtherObjects): void
}
