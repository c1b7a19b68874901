import type { KubernetesObject } from '@reckon/kubernetes'

/** The object with a finalizer that holds it until its controller lets go. */
export function withFinalizer<T extends KubernetesObject>(object: T, finalizer: string): T {
  const { finalizers = [] } = object.metadata
  if (finalizers.includes(finalizer)) return object
  return { ...object, metadata: { ...object.metadata, finalizers: [...finalizers, finalizer] } }
}
