import type { KubernetesObject } from '@reckon/kubernetes'
import type { Selection } from '../verbs/selection.ts'
import type { WatchedChange } from './watched-change.ts'

/** A change as seen by a watcher with a selection. */
export type SeenChange = {
  type: 'ADDED' | 'MODIFIED' | 'DELETED'
  object: KubernetesObject
  position: bigint
}

/**
 * The change as seen with this selection; an object that begins or ceases to match is added or deleted. Undefined where
 * the change is not visible.
 */
export function seenChange(change: WatchedChange, selection: Selection): SeenChange | undefined {
  const { type, before, stored, position } = change
  const wasSeen = before !== undefined && selection.matches(before.object)
  const isSeen = type !== 'DELETED' && selection.matches(stored.object)
  if (isSeen) return { type: wasSeen ? 'MODIFIED' : 'ADDED', object: stored.object, position }
  return wasSeen ? { type: 'DELETED', object: lastOf(change, before.object), position } : undefined
}

/** One object for each change, so that it is encoded once. */
const lasts = new WeakMap<WatchedChange, KubernetesObject>()

/** The object before the change, with the version of the change that removed it. */
function lastOf(change: WatchedChange, before: KubernetesObject): KubernetesObject {
  const known = lasts.get(change)
  if (known !== undefined) return known
  const metadata = { ...before.metadata, resourceVersion: String(change.position) }
  const last = { ...before, metadata }
  lasts.set(change, last)
  return last
}
