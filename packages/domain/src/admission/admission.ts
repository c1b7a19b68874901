import type { KubernetesObject, Resource } from '@reckon/kubernetes'
import type { Subresource } from '../kinds/kind-rules.ts'
import type { StoredObject } from '../stored-object.ts'

/** An object on its way into the log. */
export type Write = {
  resource: Resource
  object: KubernetesObject
  /** As it is recorded; absent where it comes into being. */
  before?: KubernetesObject
  subresource?: Subresource
}

/** What is known of other objects. */
export type OtherObjects = {
  get(resource: Resource, namespace: string, name: string): StoredObject | undefined
}

/** Refuses what may not be written as other objects are. Pure. */
export type AdmissionPlugin = {
  /** Kubernetes' name for it. */
  name: string
  admit(write: Write, others: OtherObjects): void
}
