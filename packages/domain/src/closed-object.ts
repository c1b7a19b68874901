import { apiVersionOf, type KubernetesObject } from '@reckon/kubernetes'
import { targetOf } from './stream-name.ts'

/** An encrypted object that cannot be decrypted: only its existence is known. */
export function closedObject(stream: string, uid: string, position: bigint): KubernetesObject {
  const { resource, namespace, name } = targetOf(stream)
  return {
    apiVersion: apiVersionOf(resource),
    kind: resource.kind,
    metadata: { name, ...(namespace && { namespace }), uid, resourceVersion: String(position) },
  }
}
