import type { KubernetesObject, Resource } from '@reckon/kubernetes'

/** The object to write. */
export type Target<T extends KubernetesObject = KubernetesObject> = {
  resource: Resource<T>
  namespace: string
  name: string
}
