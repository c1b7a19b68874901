import type { Actor } from '@reckon/eventing'
import type { KubernetesObject, PolicyRule, Resource } from '@reckon/kubernetes'
import type { Requester } from '../access/access.ts'
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
  get(resource: Resource, namespace: string, name: string): StoredObject | undefined
  /** What the roles of a user allow, in the whole cluster and in a namespace. */
  rulesOf(user: Requester, namespace?: string): Iterable<PolicyRule>
}

/** Refuses what may not be written as other objects are. Pure. */
export type AdmissionPlugin = {
  /** Kubernetes' name for it. */
  name: string
  admit(write: Write, others: OtherObjects): void
}
