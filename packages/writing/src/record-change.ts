import {
  assertOpen,
  changesBetweenWhole,
  evolveObject,
  isDeleted,
  isStatusOnly,
  isWhole,
  type KeyRing,
  metadataOf,
  type ObjectChanged,
  type Origin,
  rulesOf,
  type StoredObject,
  streamOf,
  withoutVersion,
} from '@reckon/domain'
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
import { destroyKey, keysFor } from './write-key.ts'
import type { WritePorts } from './write-ports.ts'

/** An object that is to be written. */
export type Target = { resource: Resource; namespace: string; name: string }

/** What must hold of the object when it is written. */
export type Preconditions = { uid?: string; resourceVersion?: string }

/** The folded stream of an object; undefined while it does not exist or once it is deleted. Opens what these keys open. */
export const objectFold = (keys: KeyRing): Fold<StoredObject | undefined> => ({
  initial: undefined,
  evolve: (state, event) => evolveObject(state, keys.open(event)),
  isWhole,
})

/** What is to become of an object: its next state, or its end. `type` names the event where the kind's rules do not. */
export type Outcome = {
  after: KubernetesObject
  isEnd?: boolean
  type?: string
  joined?: Partial<ObjectChanged>
  eventId?: string
  /** An event is recorded also where the object stays as it is: what is joined to it is the news. */
  isNews?: boolean
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
  const { known, keys } = await knownOf(ports, target, stream, preconditions)
  let before = known?.state
  const decideDraft = (current: StoredObject | undefined): Draft | undefined => {
    if (!current) throw notFound(resource, name)
    // Deleted and made anew in between: the keys at hand are not those of this one.
    if (before && before.object.metadata.uid !== current.object.metadata.uid && current.sealed) {
      throw conflict(resource, name)
    }
    before = current
    check(target, current, preconditions)
    const outcome = decide(current)
    const patch = createJsonPatch(withoutVersion(current.object), withoutVersion(outcome.after))
    if (patch.length === 0 && !outcome.isEnd && !outcome.isNews) return undefined
    const draft = draftOf(ports, resource, current, outcome, patch, origin)
    return current.sealed ? sealedDraft(draft, stream, current, keys) : draft
  }
  if (preconditions.dryRun) {
    const draft = decideDraft(known?.state)
    if (!before || !draft) return before ?? missing(target)
    return { ...before, object: decide(before).after }
  }
  const { state, event } = await execute(ports, stream, {
    known,
    fold: objectFold(keys),
    decide: decideDraft,
  })
  if (state) return state
  if (!event || !before) return missing(target)
  const ended = { ...before, object: endedBy(before, keys.open(event).data as ObjectChanged) }
  if (before.sealed) await destroyKey(ports, before.object.metadata.uid ?? '')
  return ended
}

/** The object in the view; read from the log where the view lacks it, or is behind what the client has seen. */
async function knownOf(
  ports: WritePorts,
  { resource, namespace, name }: Target,
  stream: string,
  { resourceVersion }: Preconditions,
): Promise<Known> {
  const { keys } = ports.objects
  const stored = ports.objects.get(resource, namespace, name)
  const isBehind =
    resourceVersion !== undefined && versionOf(resourceVersion) > (stored?.position ?? 0n)
  if (stored && !isBehind) return { known: { state: stored, revision: stored.revision }, keys }
  return readKnown(ports, stream)
}

/** What the log has of an object, and the keys by which it was read. */
type Known = { known: Folded<StoredObject | undefined> | undefined; keys: KeyRing }

async function readKnown(ports: WritePorts, stream: string): Promise<Known> {
  const { log, objects } = ports
  const known = await readFolded(log, stream, objectFold(objects.keys))
  if (known?.state?.sealed !== 'Closed') return { known, keys: objects.keys }
  const keys = await keysFor(ports, known.state.object.metadata.uid ?? '')
  return { known: await readFolded(log, stream, objectFold(keys)), keys }
}

/** The object as the log has it now. Throws `NotFound`. */
export async function readCurrent(ports: WritePorts, target: Target): Promise<StoredObject> {
  const stream = streamOf(target.resource, target.namespace, target.name)
  const { known } = await readKnown(ports, stream)
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
    ...(isWholeDue && wholeOf(current, after)),
    ...joined,
  }
  return { id, type: type ?? nameChange(resource, current.object, after, patch), data, metadata }
}

/** Everything that folding has to know, where it may begin with this event. */
const wholeOf = ({ report, boot }: StoredObject, after: KubernetesObject) => ({
  object: withoutVersion(after),
  ...(report && { report }),
  ...(boot && { boot }),
})

/** The same draft, encrypted. What cannot be opened can only be deleted. */
function sealedDraft(draft: Draft, stream: string, current: StoredObject, keys: KeyRing): Draft {
  if (current.sealed === 'Closed' && isDeleted(draft)) return { ...draft, data: { patch: [] } }
  assertOpen(current)
  const { id = '', data } = draft
  const { patch, object, ...clear } = data as ObjectChanged
  const content = { patch, ...(object && { object }) }
  const sealed = keys.seal(current.object.metadata.uid ?? '', content, { stream, id })
  return { ...draft, data: { ...clear, ...sealed } }
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
  before.sealed === 'Closed' ? before.object : applyJsonPatch(before.object, patch)

const missing = ({ resource, name }: Target): never => {
  throw notFound(resource, name)
}
