import type { KubernetesObject } from './object.ts'
import { objectKey } from './object-key.ts'

/** Orders objects by age, oldest first; within a second by namespace and name. */
export function byAge(
  { metadata: a }: KubernetesObject,
  { metadata: b }: KubernetesObject,
): number {
  const [first = '', second = ''] = [a.creationTimestamp, b.creationTimestamp]
  if (first !== second) return first < second ? -1 : 1
  return objectKey(a) < objectKey(b) ? -1 : 1
}
