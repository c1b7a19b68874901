import type { Actor, Ids } from '@reckon/eventing'
import type { KubernetesObject, PolicyRule, Resource } from '@reckon/kubernetes'
import type { Requester } from '../access/access.ts'
import type { Cluster } from '../cluster.ts'
import type { WritableSubresource } from '../kinds/kind-rules.ts'
import type { StoredObject } from '../stored-object.ts'

/** An object on its way into the log. */
export type Write = {
  resource: Resource
  object: KubernetesObject
  /** As it is recorded; absent where it comes into being. */
  before?: KubernetesObject
  subresource?: WritableSubresource
  /** Who writes; absent where it does not matter who does. */
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
  /** The objects of a resource, of one namespace or all, as far as the view has them. */
  list<T extends KubernetesObject>(
    resource: Resource<T>,
    namespace?: string,
  ): readonly StoredObject<T>[]
  /** What the roles of a user allow, in the whole cluster and in a namespace. */
  rulesOf(user: Requester, namespace?: string): Iterable<PolicyRule>
}

/** Completes what is written by what other objects say. Pure, and total: the object is not validated yet. */
export type MutatingPlugin = {
  /** Kubernetes' name for it. */
  name: string
  mutate(write: Write, others: OtherObjects, ids: Ids): KubernetesObject
}

/** Refuses what may not be written as other objects are. Pure. */
export type AdmissionPlugin = {
  /** Kubernetes' name for it. */
  name: string
  admit(write: Write, others: OtherObjects): void
}
