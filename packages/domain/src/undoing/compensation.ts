import {
  isDeepEqual,
  isJsonObject,
  isObject,
  isOf,
  type KubernetesObject,
  type MergeConflict,
  mergeThreeWay,
  pods,
  type Resource,
} from '@reckon/kubernetes'

/** One recorded change to revert: the object before and after it, undefined where it did not exist. */
export type UndoneChange = {
  before: KubernetesObject | undefined
  after: KubernetesObject | undefined
}

/** What has become of the object since. */
export type Since = {
  current: KubernetesObject | undefined
  /** Whether somebody else has changed what was created. */
  isChangedByOthers: boolean
}

/** The write that reverts changes of one object; with conflicts it must not be carried out. */
export type Compensation = {
  conflicts: readonly MergeConflict[]
} & ({ action: 'Create' | 'Update' | 'Delete'; object: KubernetesObject } | { action: 'None' })

/**
 * Reverts changes of one object, the newest first, each by a three-way merge with the changes since. Status and what
 * the server maintains follow by themselves. Pure.
 */
export function compensationOf(
  resource: Resource,
  changes: readonly UndoneChange[],
  since: Since,
): Compensation {
  const { current } = since
  const conflicts: MergeConflict[] = []
  let wanted = current && contentOf(current)
  for (const change of changes.toReversed()) {
    const taken = takenBack(resource, change, wanted, since)
    conflicts.push(...taken.conflicts)
    wanted = taken.wanted
  }
  if (wanted === undefined) {
    return current ? { action: 'Delete', object: current, conflicts } : { ...none, conflicts }
  }
  if (current === undefined) {
    return { action: 'Create', object: unplaced(wanted), conflicts }
  }
  if (isDeepEqual(wanted, contentOf(current))) return { ...none, conflicts }
  if (current.metadata.deletionTimestamp !== undefined) conflicts.push(isGoing(current))
  return { action: 'Update', object: withServerFields(wanted, current), conflicts }
}

const none = { action: 'None' } as const

type TakenBack = { wanted: KubernetesObject | undefined; conflicts: readonly MergeConflict[] }

function takenBack(
  resource: Resource,
  { before, after }: UndoneChange,
  wanted: KubernetesObject | undefined,
  { current, isChangedByOthers }: Since,
): TakenBack {
  const [ours, base] = [before && contentOf(before), after && contentOf(after)]
  const whole = { field: '', base, ours, theirs: wanted }
  if (ours === undefined) {
    return { wanted: undefined, conflicts: wanted && isChangedByOthers ? [whole] : [] }
  }
  if (wanted === undefined || base === undefined) {
    const isSame = wanted === undefined ? base === undefined : isDeepEqual(wanted, ours)
    return { wanted: wanted ?? ours, conflicts: isSame ? [] : [whole] }
  }
  const { merged, conflicts } = mergeThreeWay(resource, { base, ours, theirs: wanted })
  const isAnother = current !== undefined && current.metadata.uid !== after?.metadata.uid
  return {
    wanted: isObject(merged) ? merged : wanted,
    conflicts: isAnother ? [...conflicts, whole] : conflicts,
  }
}

const isGoing = ({ metadata: { deletionTimestamp } }: KubernetesObject): MergeConflict => ({
  field: 'metadata.deletionTimestamp',
  base: undefined,
  ours: undefined,
  theirs: deletionTimestamp,
})

const serverFields = [
  ...['uid', 'resourceVersion', 'generation', 'creationTimestamp', 'managedFields'],
  ...['deletionTimestamp', 'deletionGracePeriodSeconds'],
] as const

/** The object without status and what the server maintains. */
function contentOf(object: KubernetesObject): KubernetesObject {
  const { status: _, ...rest } = object
  const { finalizers = [], ...metadata } = object.metadata
  for (const field of serverFields) delete metadata[field]
  const own = finalizers.filter((finalizer) => !ofDeletion.has(finalizer))
  return { ...rest, metadata: { ...metadata, ...(own.length > 0 && { finalizers: own }) } }
}

/** The propagation policy of a deletion. */
const ofDeletion = new Set(['foregroundDeletion', 'orphan'])

function withServerFields(wanted: KubernetesObject, current: KubernetesObject): KubernetesObject {
  const kept = Object.fromEntries(
    serverFields.flatMap((field) =>
      field in current.metadata ? [[field, current.metadata[field]]] : [],
    ),
  )
  const { status } = current
  return {
    ...wanted,
    metadata: { ...wanted.metadata, ...kept },
    ...(isJsonObject(status) && { status }),
  }
}

/** A pod that is restored is scheduled again. */
function unplaced(object: KubernetesObject): KubernetesObject {
  if (!isOf(pods, object)) return object
  const { nodeName: _, ...spec } = object.spec
  return { ...object, spec }
}
