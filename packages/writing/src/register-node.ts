import { type Origin, registered, type StoredObject } from '@reckon/domain'
import { isRefusal, type KubernetesObject, resourceNamed } from '@reckon/kubernetes'
import { createObject } from './create-object.ts'
import { recordChange } from './record-change.ts'
import type { WritePorts } from './write-ports.ts'

/** A Node as its agent reports it: `NodeCreated` the first time, then what changed; the same again records nothing. */
export async function registerNode(
  ports: WritePorts,
  node: KubernetesObject,
  origin: Origin,
): Promise<StoredObject> {
  const resource = resourceNamed('nodes')
  const target = { resource, namespace: '', name: node.metadata.name }
  const change = ({ object }: StoredObject) => ({ after: registered(object, node) })
  if (ports.objects.get(resource, '', target.name)) {
    return recordChange(ports, target, change, origin)
  }
  try {
    return await createObject(ports, resource, node, origin, { keepStatus: true })
  } catch (error) {
    if (!isRefusal(error, 'AlreadyExists')) throw error
    return recordChange(ports, target, change, origin)
  }
}
