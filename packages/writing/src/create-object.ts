import {
  eventTypes,
  metadataOf,
  reservablesOf,
  reserves,
  rulesOf,
  type StoredObject,
} from '@reckon/domain'
import { execute, type Folded } from '@reckon/eventing'
import {
  alreadyExists,
  conflict,
  isRefusal,
  isTerminating,
  type KubernetesObject,
} from '@reckon/kubernetes'
import { type Creation, newObject } from './new-object.ts'
import { ObjectStream } from './object-stream.ts'
import { backOf, release } from './phases.ts'
import { assertWithinQuotas, isBounded } from './quota/resource-quota.ts'
import { reserveDrawn } from './reserve-drawn.ts'
import type { Transition } from './reserve-plugin.ts'
import { createKey, destroyKey } from './write-key.ts'
import type { WritePorts } from './write-ports.ts'
import type { DryRun, Written } from './written.ts'

/**
 * Brings an object into being: default, mutate, validate, admit, reserve, then one `<Kind>Created`. Refuses with
 * `AlreadyExists`, `Invalid`, `Forbidden` (a terminating namespace), `NotFound` (no such namespace).
 */
export async function createObject(ports: WritePorts, creation: Creation): Promise<Written> {
  for (let tries = 1; ; tries++) {
    try {
      const draft = await reserveDrawn(ports, () => drawn(ports, creation))
      return await recordCreation(ports, draft)
    } catch (error) {
      const isNameTaken = isRefusal(error, 'AlreadyExists') && !creation.object.metadata.name
      const isStreamMoved = isRefusal(error, 'Conflict') && mayHold(ports, creation)
      if ((!isNameTaken && !isStreamMoved) || tries === triesMax) throw error
    }
  }
}

/** What createObject would make, if it were done now. Nothing is reserved. */
export async function wouldCreate(ports: WritePorts, creation: Creation): Promise<DryRun> {
  const object = await newObject(ports, creation)
  const stream = streamFor(ports, creation, object)
  await assertWithinQuotas(ports, transitionOf(creation, object, stream))
  const newest = await stream.read(stream.known)
  refuseTwice({ ...creation, object }, newest?.state, nextRevision(newest))
  return { object, isGone: false }
}

const triesMax = 5

/** An object that is to be recorded, what is known of its stream, and what it needs for itself. */
type Draft = {
  creation: Creation
  stream: ObjectStream
  known: FoldedObject | undefined
  transition: Transition
}

async function drawn(ports: WritePorts, wanted: Creation): Promise<Draft> {
  const object = await newObject(ports, wanted)
  const creation = { ...wanted, object }
  const stream = streamFor(ports, wanted, object)
  const known = await absent(ports, stream, creation)
  return { creation, stream, known, transition: transitionOf(wanted, object, stream) }
}

const transitionOf = (
  { resource, origin }: Creation,
  object: KubernetesObject,
  { name }: ObjectStream,
): Transition => {
  const holder = { stream: name, uid: object.metadata.uid ?? '' }
  return { resource, to: object, holder, origin }
}

const streamFor = (ports: WritePorts, { resource }: Creation, { metadata }: KubernetesObject) =>
  new ObjectStream(ports, { resource, namespace: metadata.namespace ?? '', name: metadata.name })

type FoldedObject = Folded<StoredObject | undefined>

/** Whether something may be reserved for the object, as it was before it was completed. */
const mayHold = (ports: WritePorts, creation: Creation): boolean =>
  reserves(creation.resource) || isBounded(ports, creation)

/** Whether something is reserved for the object before it is recorded. */
const isHolder = (ports: WritePorts, creation: Creation): boolean =>
  reservablesOf(creation.resource, creation.object).length > 0 || isBounded(ports, creation)

/**
 * The stream as it is known without such an object. What seems to be there is looked up before anything is reserved; so
 * is the stream, unless its end is at hand, of an object that must have something alone: whatever is recorded there
 * after its reservation refuses it.
 */
async function absent(
  ports: WritePorts,
  stream: ObjectStream,
  creation: Creation,
): Promise<FoldedObject | undefined> {
  const { known } = stream
  if (known?.state === undefined && (known || !isHolder(ports, creation))) return known
  const newest = await stream.read(stream.known)
  refuseTwice(creation, newest?.state, nextRevision(newest))
  return newest
}

/** The revision at which the next event of the stream will stand. */
const nextRevision = (known: FoldedObject | undefined): bigint => (known?.revision ?? -1n) + 1n

function refuseTwice(
  { resource, object: { metadata }, isNameForOnce = false }: Creation,
  current: StoredObject | undefined,
  revision: bigint,
): void {
  const isUsed = isNameForOnce && revision > 0n
  if (current) {
    const is = { isTerminating: isTerminating(current.object) }
    throw alreadyExists(resource, metadata.name, is)
  }
  if (isUsed) throw alreadyExists(resource, metadata.name)
}

async function recordCreation(
  ports: WritePorts,
  { creation, stream, known, transition }: Draft,
): Promise<Written> {
  const { resource, object, origin } = creation
  const { isSealed = false } = rulesOf(resource)
  const { uid } = transition.holder
  const expected = nextRevision(known)
  const id = ports.ids.next()
  const metadata = metadataOf(origin, id, ports.clock.now())
  try {
    if (isSealed) stream.keys = await createKey(ports, transition.holder, origin)
    const data = isSealed
      ? stream.keys.seal(uid, { object }, { stream: stream.name, id })
      : { object }
    const executed = await execute(ports, stream.name, {
      known,
      fold: stream.fold,
      read: stream.read,
      decide: (current, revision) => {
        refuseTwice(creation, current, revision)
        // What it reserved may be somebody else's by now: who gives up an unfinished creation records so in its stream.
        if (revision !== expected && isHolder(ports, creation)) {
          throw conflict(resource, object.metadata.name)
        }
        const joined = creation.joined?.(revision)
        return {
          id,
          type: eventTypes(resource.kind).created,
          data: { ...data, ...joined },
          metadata,
        }
      },
    })
    stream.note(executed)
    const { state: stored, event } = executed
    if (!stored || !event) throw new Error(`${stream.name} is not there after its creation`)
    return { stored, event }
  } catch (error) {
    // Where the outcome is unknown the object may be there: the replicator sees later whether it is.
    if (isRefusal(error, 'Timeout')) throw error
    await release(ports, backOf(transition))
    if (isSealed) await destroyKey(ports, uid)
    throw error
  }
}
