import type { KubernetesObject, Resource } from '@reckon/kubernetes'

/** The object that is to be written. */
export type Target<T extends KubernetesObject = KubernetesObject> = {
  resource: Resource<T>
  namespace: string
  name: string
}
