import type { KubernetesObject } from '@reckon/kubernetes'
import type { StoredObject } from './stored-object.ts'

/** An object as the one event that made it left it. */
export function storedOf<T extends KubernetesObject>(object: T): StoredObject<T> {
  const cause = { id: 'e', correlationId: 'e' }
  return { object, revision: 0n, position: 1n, changes: 0, last: cause, intent: cause }
}
