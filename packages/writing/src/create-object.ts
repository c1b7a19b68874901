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
 * Creates an object: default, mutate, validate, admit, reserve, then one `<Kind>Created`. Refuses with `AlreadyExists`,
 * `Invalid`, `Forbidden` (a terminating namespace), `NotFound` (no such namespace).
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

/** The result that `createObject` would have now. Reserves nothing. */
export async function wouldCreate(ports: WritePorts, creation: Creation): Promise<DryRun> {
  const object = await newObject(ports, creation)
  const stream = streamFor(ports, creation, object)
  await assertWithinQuotas(ports, transitionOf(creation, object, stream))
  const newest = await stream.read(stream.known)
  refuseTwice({ ...creation, object }, newest?.state, nextRevision(newest))
  return { object, isGone: false }
}

const triesMax = 5

/** An object to record, its stream as known, and what it reserves. */
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

/** Whether the object may have unique values, judged before it is completed. */
const mayHold = (ports: WritePorts, creation: Creation): boolean =>
  reserves(creation.resource) || isBounded(ports, creation)

/** Whether values are reserved before the object is recorded. */
const isHolder = (ports: WritePorts, creation: Creation): boolean =>
  reservablesOf(creation.resource, creation.object).length > 0 || isBounded(ports, creation)

/**
 * The known stream, which must not contain such an object. An apparent object is looked up before anything is reserved.
 * For an object with unique values, so is the end of the stream unless it is at hand: anything recorded there after the
 * reservation refuses the object.
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

/** The revision of the stream's next event. */
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
        // Its values may belong to somebody else by now: whoever gives up an unfinished creation
        // records so in its stream.
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
    // With an unknown outcome the object may exist: the replicator finds out later.
    if (isRefusal(error, 'Timeout')) throw error
    await release(ports, backOf(transition))
    if (isSealed) await destroyKey(ports, uid)
    throw error
  }
}
