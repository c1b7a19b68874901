import type { StoredObject } from '@reckon/domain'
import { isDeepEqual, isTerminating, type Namespace } from '@reckon/kubernetes'
import { conditionsOf } from './conditions.ts'

/** The next step for one namespace. */
type Step =
  | { type: 'DeleteObject'; content: StoredObject }
  | { type: 'FinalizeNamespace' }
  | { type: 'SetStatus'; status: object }

export type NamespacePlan = { steps: readonly Step[]; againAtMs?: number }

/** After this time most content is gone; what remains is reported. */
const toldAfterMs = 5_000

/**
 * Empties a terminating namespace and finalizes it once it is empty; if that takes long, reports what remains. Objects
 * in a namespace that is gone (undefined) are deleted, too. Pure.
 */
export function plan(
  namespace: Namespace | undefined,
  contents: readonly StoredObject[],
  nowMs: number,
): NamespacePlan {
  if (namespace !== undefined && !isTerminating(namespace)) return { steps: [] }
  if (namespace !== undefined && contents.length === 0) {
    return { steps: [{ type: 'FinalizeNamespace' }] }
  }
  const deletions = contents
    .filter(({ object }) => !isTerminating(object))
    .map((content): Step => ({ type: 'DeleteObject', content }))
  if (namespace === undefined) return { steps: deletions }
  const toldAtMs = Date.parse(namespace.metadata.deletionTimestamp ?? '') + toldAfterMs
  if (nowMs < toldAtMs) return { steps: deletions, againAtMs: toldAtMs }
  const conditions = conditionsOf(namespace, contents, nowMs)
  if (isDeepEqual(namespace.status?.conditions, conditions)) return { steps: deletions }
  const status = { ...namespace.status, conditions }
  return { steps: [...deletions, { type: 'SetStatus', status }] }
}
