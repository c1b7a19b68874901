import {
  type Compensation,
  compensationOf,
  effectOf,
  refOf,
  type StoredObject,
  streamOf,
  type UndoneChange,
} from '@reckon/domain'
import type { RecordedEvent } from '@reckon/eventing'
import {
  controllerOf,
  customResourceDefinitions,
  type KubernetesObject,
  type Resource,
  resourceId,
} from '@reckon/kubernetes'
import { objectAt } from '../../past/object-at.ts'
import type { ApiPorts } from '../../ports.ts'
import { kindEver } from '../kind-ever.ts'
import { isAsked } from './is-asked.ts'
import { isOtherChange } from './is-other-change.ts'

/** The name of an object. */
export type UndoTarget = { resource: Resource; namespace: string; name: string }

/** What to do to one object, and the last event that this undoes. */
export type PlannedUndo = {
  target: UndoTarget
  undone: RecordedEvent
  /** The present object; undefined where there is none. */
  current: KubernetesObject | undefined
  /** Its former uid, by which others may refer to it as their owner. */
  formerUid: string | undefined
  compensation: Compensation
}

/** What cannot be restored, and why. */
export type LostObject = { stream: string; resource: string; why: string }

export type UndoPlan = { undos: readonly PlannedUndo[]; lost: readonly LostObject[] }

/** Plans how each object gets back to its earlier state; nothing for objects that a controller recreates by itself. */
export async function undoPlan(
  ports: ApiPorts,
  undone: ReadonlyMap<string, readonly RecordedEvent[]>,
  signal: AbortSignal,
): Promise<UndoPlan> {
  const undos: PlannedUndo[] = []
  const lost: LostObject[] = []
  for (const [stream, events] of undone) {
    signal.throwIfAborted()
    const { resourceId: id = '' } = refOf(stream) ?? {}
    const resource = await kindOf(ports, id, undone)
    const planned = resource
      ? await undoOf(ports, resource, events)
      : { stream, resource: id, why: `${id} is not served now` }
    if (planned === undefined) continue
    if ('why' in planned) lost.push(planned)
    else undos.push(planned)
  }
  return { undos, lost }
}

/** The kind as it is served, or as it was if its definition is restored, too; undefined if it will not exist. */
async function kindOf(
  ports: ApiPorts,
  id: string,
  undone: ReadonlyMap<string, unknown>,
): Promise<Resource | undefined> {
  const served = ports.objects.resources.named(id)
  const comesBack = undone.has(streamOf(customResourceDefinitions, undefined, id))
  return served ?? (comesBack ? kindEver(ports, id) : undefined)
}

async function undoOf(
  ports: ApiPorts,
  resource: Resource,
  events: readonly RecordedEvent[],
): Promise<PlannedUndo | LostObject | undefined> {
  const undone = events.at(-1)
  if (undone === undefined) return undefined
  const { stream } = undone
  const { namespace = '', name = '' } = refOf(stream) ?? {}
  const target = { resource, namespace, name }
  const versions = await versionsOf(ports, target, events)
  const before = versions.find((each) => each.before)?.before
  if (before && !events.some(isAsked) && (await isDerived(ports, target, before))) return undefined
  if (versions.some(({ before }) => before?.sealed === 'Closed')) {
    return { stream, resource: resourceId(resource), why: 'its content is gone with its key' }
  }
  const current = ports.objects.get(resource, namespace, name)?.object
  const isCreated = versions[0]?.before === undefined
  const isChangedByOthers = isCreated && (await hasOtherChanges(ports, stream, events))
  const changes = versions.map(changeOf)
  const compensation = compensationOf(resource, changes, { current, isChangedByOthers })
  if (compensation.action === 'None' && compensation.conflicts.length === 0) return undefined
  return { target, undone, current, formerUid: before?.object.metadata.uid, compensation }
}

/** Whether controllers created an object: they recreate it by themselves. */
async function isDerived(
  { log }: ApiPorts,
  { resource }: UndoTarget,
  { object, revision }: StoredObject,
): Promise<boolean> {
  if (controllerOf(object)) return true
  const { namespace, name } = object.metadata
  const stream = streamOf(resource, namespace, name)
  for await (const event of log.readStream(stream, { direction: 'backwards', from: revision })) {
    if (effectOf(resource, event.type) === 'Created') return !isAsked(event)
  }
  return false
}

type Versions = { before: StoredObject | undefined; after: StoredObject | undefined }

const changeOf = ({ before, after }: Versions): UndoneChange => ({
  before: before?.object,
  after: after?.object,
})

async function versionsOf(
  ports: ApiPorts,
  target: UndoTarget,
  events: readonly RecordedEvent[],
): Promise<readonly Versions[]> {
  const versions: Versions[] = []
  for (const { position, type } of events) {
    const effect = effectOf(target.resource, type)
    const at = (position: bigint) => objectAt(ports, { ...target, position })
    const before = effect === 'Created' ? undefined : await at(position - 1n)
    const after = effect === 'Deleted' ? undefined : await at(position)
    versions.push({ before, after })
  }
  return versions
}

/** Whether a user has changed more than these events since the first of them. */
async function hasOtherChanges(
  { log, objects }: ApiPorts,
  stream: string,
  events: readonly RecordedEvent[],
): Promise<boolean> {
  const ids = new Set(events.map(({ id }) => id))
  const from = events[0]?.revision ?? 0n
  for await (const event of log.readStream(stream, { from })) {
    if (!ids.has(event.id) && isOtherChange(event, objects.keys)) return true
  }
  return false
}
