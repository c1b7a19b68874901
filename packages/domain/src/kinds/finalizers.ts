import type { KubernetesObject } from '@reckon/kubernetes'

/** The object with a finalizer that holds it until its controller lets go. */
export function withFinalizer<T extends KubernetesObject>(object: T, finalizer: string): T {
  const { finalizers = [] } = object.metadata
  if (finalizers.includes(finalizer)) return object
  return { ...object, metadata: { ...object.metadata, finalizers: [...finalizers, finalizer] } }
}

/** The object as it is once whoever set the finalizer has let go. */
export function withoutFinalizer<T extends KubernetesObject>(object: T, finalizer: string): T {
  const { finalizers = [], ...metadata } = object.metadata
  const left = finalizers.filter((each) => each !== finalizer)
  return { ...object, metadata: { ...metadata, ...(left.length > 0 && { finalizers: left }) } }
}
