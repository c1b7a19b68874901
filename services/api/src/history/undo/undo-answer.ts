import { hiddenIn } from '@reckon/domain'
import {
  type FieldChange,
  fieldChanges,
  type MergeConflict,
  type Resource,
} from '@reckon/kubernetes'
import { historyGroup } from '../../past/past-of-request.ts'
import type { UndoOutcome } from './apply-undo.ts'
import type { LostObject, PlannedUndo, UndoPlan } from './undo-plan.ts'

/**
 * A field that conflicts with a later change: the value after the change to undo, the value to restore, and the present
 * value.
 */
type ConflictAnswer = { field: string; made: unknown; before: unknown; now: unknown }

/** What is done to one object. */
export type ObjectUndo = {
  action: 'Create' | 'Update' | 'Delete' | 'None'
  apiVersion: string
  kind: string
  resource: string
  namespace?: string
  name: string
  /** The position of the last event that this undoes. */
  undoes: string
  changes: readonly FieldChange[]
  conflicts: readonly ConflictAnswer[]
} & Partial<UndoOutcome>

/** What an undo does or did. */
export type UndoAnswer = {
  kind: 'Undo'
  apiVersion: `${typeof historyGroup}/v1`
  applied: boolean
  /** The position up to which it looked: sent with the next request, nothing later is undone. */
  upTo: string
  undos: readonly ObjectUndo[]
  lost: readonly LostObject[]
}

/** A plan, or its outcome, as the answer. Pure. */
export const undoAnswer = (
  { undos, lost }: UndoPlan,
  upTo: bigint,
  outcomes?: ReadonlyMap<PlannedUndo, UndoOutcome>,
): UndoAnswer => ({
  kind: 'Undo',
  apiVersion: `${historyGroup}/v1`,
  applied: outcomes !== undefined,
  upTo: String(upTo),
  undos: undos.map((undo) => ({ ...objectUndo(undo), ...outcomes?.get(undo) })),
  lost,
})

function objectUndo({ target, undone, current, compensation }: PlannedUndo): ObjectUndo {
  const { resource, namespace, name } = target
  const { action, conflicts } = compensation
  const wanted = action === 'Create' || action === 'Update' ? compensation.object : undefined
  return {
    action,
    apiVersion: resource.group === '' ? resource.version : `${resource.group}/${resource.version}`,
    kind: resource.kind,
    resource: resource.plural,
    ...(namespace && { namespace }),
    name,
    undoes: String(undone.position),
    changes:
      action === 'Update'
        ? fieldChanges(resource, current, wanted).map((change) => hiddenIn(resource, change))
        : [],
    conflicts: conflicts.map((conflict) => conflictAnswer(resource, conflict)),
  }
}

/** Without confidential values. */
export function conflictAnswer(
  resource: Resource,
  { field, base, ours, theirs }: MergeConflict,
): ConflictAnswer {
  const { from: before, to: now } = hiddenIn(resource, { field, from: ours, to: theirs })
  const { to: made } = hiddenIn(resource, { field, from: ours, to: base })
  return { field, made, before, now }
}
