import { apiVersionOf, type KubernetesObject, resourceNamed } from '@reckon/kubernetes'
import { refOf } from './stream-name.ts'

/** What is known of a sealed object that cannot be opened: that it exists. */
export function closedObject(stream: string, uid: string, position: bigint): KubernetesObject {
  const ref = refOf(stream)
  if (!ref) throw new Error(`${stream} is no object's stream`)
  const resource = resourceNamed(ref.resourceId)
  const { namespace, name } = ref
  return {
    apiVersion: apiVersionOf(resource),
    kind: resource.kind,
    metadata: { name, ...(namespace && { namespace }), uid, resourceVersion: String(position) },
  }
}
