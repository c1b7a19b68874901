import type { KubernetesObject } from '@reckon/kubernetes'

/** A change that has an event name of its own in its kind. */
export type NamedChange<T extends KubernetesObject = KubernetesObject> = {
  type: string
  /** Whether a change is this one; absent where only its author can tell. */
  is?(before: T, after: T): boolean
}
