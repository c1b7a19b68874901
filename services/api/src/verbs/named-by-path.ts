import { badRequest, type KubernetesObject } from '@reckon/kubernetes'

/** The object with the namespace of its path; refused if it names another one. */
export function inNamespace(
  object: KubernetesObject,
  namespace: string | undefined,
): KubernetesObject {
  const { namespace: named, ...metadata } = object.metadata
  if (named !== undefined && named !== '' && named !== namespace) {
    throw badRequest(
      namespace === undefined
        ? 'namespace: Forbidden: not allowed on this type'
        : `the namespace of the provided object does not match the namespace sent on the request`,
    )
  }
  return { ...object, metadata: { ...metadata, ...(namespace && { namespace }) } }
}

/** The object, if it has the name of its path; refused if it has another one, or none. */
export function named(object: KubernetesObject, name: string): KubernetesObject {
  if (object.metadata.name) return namedIfAtAll(object, name)
  throw badRequest(
    `the name of the object (${name} based on URL) was undeterminable: name must be provided`,
  )
}

/** The object with the name of its path; refused if it has another one. */
export function namedIfAtAll(object: KubernetesObject, name: string): KubernetesObject {
  const { name: given, ...metadata } = object.metadata
  if (given && given !== name) {
    throw badRequest(
      `the name of the object (${given}) does not match the name on the URL (${name})`,
    )
  }
  return { ...object, metadata: { name, ...metadata } }
}
