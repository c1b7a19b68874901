import { type Draft, execute, type Fold, type Folded, readFolded } from '@reckon/eventing'
import {
  applyJsonPatch,
  conflict,
  createJsonPatch,
  type JsonPatch,
  type KubernetesObject,
  notFound,
  type Resource,
} from '@reckon/kubernetes'
import { changesBetweenWhole, isWhole, type ObjectChanged } from './object-event.ts'
import { metadataOf, type Origin } from './origin.ts'
import { rulesOf } from './rules-of.ts'
import { evolveObject, isStatusOnly, type StoredObject, withoutVersion } from './stored-object.ts'
import { streamOf } from './stream-name.ts'
import type { WritePorts } from './write-ports.ts'

/** An object that is to be written. */
export type Target = { resource: Resource; namespace: string; name: string }

/** What must hold of the object when it is written. */
export type Preconditions = { uid?: string; resourceVersion?: string }

/** The folded stream of an object; undefined while it does not exist or once it is deleted. */
export const objectFold: Fold<StoredObject | undefined> = {
  initial: undefined,
  evolve: evolveObject,
  isWhole,
}

/** What is to become of an object: its next state, or its end. `type` names the event where the kind's rules do not. */
export type Outcome = {
  after: KubernetesObject
  isEnd?: boolean
  type?: string
  joined?: Partial<ObjectChanged>
  eventId?: string
}

/**
 * Writes one event about an existing object: `decide` sees it as the view knows it, and again as the log knows it when
 * another writer was first. Deciding on the same object yields no event.
 */
export async function recordChange(
  ports: WritePorts,
  target: Target,
  decide: (current: StoredObject) => Outcome,
  origin: Origin,
  preconditions: Preconditions & { dryRun?: boolean } = {},
): Promise<StoredObject> {
  const { resource, name } = target
  const stream = streamOf(resource, target.namespace, name)
  const known = await knownOf(ports, target, stream, preconditions)
  let before = known?.state
  const decideDraft = (current: StoredObject | undefined): Draft | undefined => {
    if (!current) throw notFound(resource, name)
    before = current
    check(target, current, preconditions)
    const outcome = decide(current)
    const patch = createJsonPatch(withoutVersion(current.object), withoutVersion(outcome.after))
    if (patch.length === 0 && !outcome.isEnd) return undefined
    return draftOf(ports, resource, current, outcome, patch, origin)
  }
  if (preconditions.dryRun) {
    const draft = decideDraft(known?.state)
    if (!before || !draft) return before ?? missing(target)
    return { ...before, object: decide(before).after }
  }
  const { state, event } = await execute(ports, stream, {
    known,
    fold: objectFold,
    decide: decideDraft,
  })
  if (state) return state
  if (event && before) return { ...before, object: endedBy(before, event.data as ObjectChanged) }
  return missing(target)
}

/** The object in the view; read from the log where the view lacks it, or is behind what the client has seen. */
async function knownOf(
  { log, objects }: WritePorts,
  { resource, namespace, name }: Target,
  stream: string,
  { resourceVersion }: Preconditions,
): Promise<Folded<StoredObject | undefined> | undefined> {
  const stored = objects.get(resource, namespace, name)
  const isBehind =
    resourceVersion !== undefined && versionOf(resourceVersion) > (stored?.position ?? 0n)
  if (stored && !isBehind) return { state: stored, revision: stored.revision }
  return readFolded(log, stream, objectFold)
}

/** The object as the log has it now. Throws `NotFound`. */
export async function readCurrent({ log }: WritePorts, target: Target): Promise<StoredObject> {
  const stream = streamOf(target.resource, target.namespace, target.name)
  const known = await readFolded(log, stream, objectFold)
  return known?.state ?? missing(target)
}

const versionOf = (resourceVersion: string): bigint =>
  /^\d+$/.test(resourceVersion) ? BigInt(resourceVersion) : 0n

function check({ resource, name }: Target, current: StoredObject, wanted: Preconditions): void {
  const { uid, resourceVersion } = current.object.metadata
  if (wanted.uid !== undefined && wanted.uid !== uid) {
    const why = `Precondition failed: UID in precondition: ${wanted.uid}, UID in object meta: ${uid}`
    throw conflict(resource, name, why)
  }
  if (wanted.resourceVersion !== undefined && wanted.resourceVersion !== resourceVersion) {
    throw conflict(resource, name)
  }
}

function draftOf(
  { clock, ids }: WritePorts,
  resource: Resource,
  current: StoredObject,
  { after, isEnd, type, joined, eventId }: Outcome,
  patch: JsonPatch,
  origin: Origin,
): Draft {
  const id = eventId ?? ids.next()
  const metadata = metadataOf(origin, id, clock.now())
  if (isEnd) return { id, type: `${resource.kind}Deleted`, data: { patch }, metadata }
  const isWholeDue = current.changes + 1 >= changesBetweenWhole
  const data: ObjectChanged = {
    patch,
    ...(isWholeDue && { object: withoutVersion(after) }),
    ...joined,
  }
  return { id, type: type ?? nameChange(resource, current.object, after, patch), data, metadata }
}

function nameChange(
  resource: Resource,
  before: KubernetesObject,
  after: KubernetesObject,
  patch: JsonPatch,
): string {
  if (!before.metadata.deletionTimestamp && after.metadata.deletionTimestamp) {
    return `${resource.kind}DeletionRequested`
  }
  const named = rulesOf(resource).nameChange?.(before, after)
  return named ?? `${resource.kind}${isStatusOnly(patch) ? 'StatusChanged' : 'Changed'}`
}

const endedBy = (before: StoredObject, { patch }: ObjectChanged): KubernetesObject =>
  applyJsonPatch(before.object, patch)

const missing = ({ resource, name }: Target): never => {
  throw notFound(resource, name)
}
