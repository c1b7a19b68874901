import type { KubernetesObject } from '@reckon/kubernetes'

/** The object with a finalizer. */
export function withFinalizer<T extends KubernetesObject>(object: T, finalizer: string): T {
  const { finalizers = [] } = object.metadata
  if (finalizers.includes(finalizer)) return object
  return { ...object, metadata: { ...object.metadata, finalizers: [...finalizers, finalizer] } }
}

/** The object without this finalizer, once its controller has finished. */
export function withoutFinalizer<T extends KubernetesObject>(object: T, finalizer: string): T {
  const { finalizers = [], ...metadata } = object.metadata
  const left = finalizers.filter((each) => each !== finalizer)
  return { ...object, metadata: { ...metadata, ...(left.length > 0 && { finalizers: left }) } }
}
