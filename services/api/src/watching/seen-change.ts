import type { KubernetesObject } from '@reckon/kubernetes'
import type { Selection } from '../verbs/selection.ts'
import type { WatchedChange } from './watched-change.ts'

/** What happened, to someone who sees only the selected objects. */
export type SeenChange = {
  type: 'ADDED' | 'MODIFIED' | 'DELETED'
  object: KubernetesObject
  position: bigint
}

/** The change as it is seen: objects come and go by changing, too. Undefined where nothing of it is seen. */
export function seenChange(change: WatchedChange, selection: Selection): SeenChange | undefined {
  const { type, before, stored, position } = change
  const wasSeen = before !== undefined && selection.matches(before.object)
  const isSeen = type !== 'DELETED' && selection.matches(stored.object)
  if (isSeen) return { type: wasSeen ? 'MODIFIED' : 'ADDED', object: stored.object, position }
  return wasSeen ? { type: 'DELETED', object: lastOf(change, before.object), position } : undefined
}

/** One for each change, that it may be encoded once. */
const lasts = new WeakMap<WatchedChange, KubernetesObject>()

/** The object as it was last, with the version that took it away. */
function lastOf(change: WatchedChange, before: KubernetesObject): KubernetesObject {
  const known = lasts.get(change)
  if (known !== undefined) return known
  const metadata = { ...before.metadata, resourceVersion: String(change.position) }
  const last = { ...before, metadata }
  lasts.set(change, last)
  return last
}
