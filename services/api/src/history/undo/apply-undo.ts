import type { Compensation, Origin } from '@reckon/domain'
import {
  customResourceDefinitions,
  isOf,
  isRefusal,
  type KubernetesObject,
  namespaces,
  type OwnerReference,
  resourceId,
} from '@reckon/kubernetes'
import { changeObject, createObject } from '@reckon/writing'
import type { ApiPorts } from '../../ports.ts'
import { deleteUnchanged } from './delete-unchanged.ts'
import type { PlannedUndo } from './undo-plan.ts'

/**
 * The outcome for one object: `Already` if a controller had already created or removed it by itself, `Unknown` if the
 * store did not answer.
 */
export type UndoOutcome = {
  outcome: 'Applied' | 'Already' | 'Failed' | 'Unknown'
  message?: string
}

/** How long to wait for a restored kind to be served. */
const servedMsMax = 3000

/**
 * Carries out a plan as ordinary changes, one after the other: objects that others need first, deletions last. A
 * refused change is reported, and the others go on.
 */
export async function applyUndo(
  ports: ApiPorts,
  undos: readonly PlannedUndo[],
  originOf: (undo: PlannedUndo) => Origin,
): Promise<ReadonlyMap<PlannedUndo, UndoOutcome>> {
  const outcomes = new Map<PlannedUndo, UndoOutcome>()
  const uids = new Map<string, string>()
  for (const undo of undos.toSorted((a, b) => rank(a) - rank(b))) {
    outcomes.set(undo, await applied(ports, undo, originOf(undo), uids))
  }
  return outcomes
}

async function applied(
  ports: ApiPorts,
  undo: PlannedUndo,
  origin: Origin,
  uids: Map<string, string>,
): Promise<UndoOutcome> {
  try {
    await write(ports, undo, origin, uids)
    return { outcome: 'Applied' }
  } catch (error) {
    if (!isRefusal(error)) throw error
    const { reason, message } = error
    if (reason === reasonIfSo[undo.compensation.action]) return { outcome: 'Already' }
    return { outcome: reason === 'Timeout' ? 'Unknown' : 'Failed', message }
  }
}

/** The outcome of a refusal because the object already is as it should be. */
const reasonIfSo: Readonly<Record<Compensation['action'], string | undefined>> = {
  Create: 'AlreadyExists',
  Delete: 'NotFound',
  Update: undefined,
  None: undefined,
}

async function write(
  ports: ApiPorts,
  { target, compensation, formerUid, current }: PlannedUndo,
  origin: Origin,
  uids: Map<string, string>,
): Promise<void> {
  const { resource } = target
  if (compensation.action === 'None') return
  const { object } = compensation
  const { uid, resourceVersion } = current?.metadata ?? {}
  const preconditions = { ...(uid && { uid }), ...(resourceVersion && { resourceVersion }) }
  if (compensation.action === 'Delete') {
    if (current) await deleteUnchanged(ports, target, { planned: current, origin })
  } else if (compensation.action === 'Update') {
    await changeObject(ports, { target, origin, preconditions, change: () => object })
  } else {
    const { stored } = await createObject(ports, {
      resource: ports.objects.resources.named(resourceId(resource)) ?? resource,
      object: owned(ports, object, uids),
      origin,
    })
    // Objects of that kind may follow.
    if (isOf(customResourceDefinitions, stored.object)) {
      await ports.reader.waitFor(stored.position, servedMsMax)
    }
    if (formerUid && stored.object.metadata.uid) uids.set(formerUid, stored.object.metadata.uid)
  }
}

/** The object with those of its owners that exist, by their present uids. */
function owned(
  { objects }: ApiPorts,
  object: KubernetesObject,
  uids: ReadonlyMap<string, string>,
): KubernetesObject {
  const { ownerReferences, ...metadata } = object.metadata
  if (ownerReferences === undefined) return object
  const ownerOf = ({ apiVersion, kind, name }: OwnerReference) => {
    const resource = objects.resources.ofKind(apiVersion, kind)
    const namespace = resource?.namespaced ? (metadata.namespace ?? '') : ''
    return resource && objects.get(resource, namespace, name)?.object.metadata.uid
  }
  const owners = ownerReferences.flatMap((reference) => {
    const uid = uids.get(reference.uid) ?? reference.uid
    return uids.has(reference.uid) || ownerOf(reference) === uid ? [{ ...reference, uid }] : []
  })
  return {
    ...object,
    metadata: { ...metadata, ...(owners.length > 0 && { ownerReferences: owners }) },
  }
}

/**
 * Namespaces and definitions first, then objects without owners, then the others; deletions last, in the opposite
 * order.
 */
function rank({ target: { resource }, compensation }: PlannedUndo): number {
  const holdsOthers = resource === namespaces || resource === customResourceDefinitions
  if (compensation.action === 'Delete') return holdsOthers ? 5 : 4
  if (holdsOthers) return 0
  if (compensation.action !== 'Create') return 3
  return compensation.object.metadata.ownerReferences === undefined ? 1 : 2
}
