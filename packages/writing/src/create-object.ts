import { eventTypes, metadataOf, reservablesOf, rulesOf, type StoredObject } from '@reckon/domain'
import { execute, type Folded } from '@reckon/eventing'
import { alreadyExists, isDeepEqual, isRefusal, type KubernetesObject } from '@reckon/kubernetes'
import { reachHead } from './at-head.ts'
import { type Creation, newObject } from './new-object.ts'
import { ObjectStream } from './object-stream.ts'
import { backOf, release, reserve } from './phases.ts'
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
    const object = await newObject(ports, creation)
    try {
      return await createThis(ports, { ...creation, object })
    } catch (error) {
      const isLast = tries === triesMax
      if (isLast || !(await isDrawnAgain(ports, creation, { object, error }))) throw error
    }
  }
}

/** What createObject would make, if it were done now. Nothing is reserved. */
export async function wouldCreate(ports: WritePorts, creation: Creation): Promise<DryRun> {
  const object = await newObject(ports, creation)
  const stream = streamFor(ports, creation, object)
  const newest = await stream.read(stream.known)
  refuseTwice(creation, object, newest)
  return { object, isGone: false }
}

const triesMax = 5

const streamFor = (ports: WritePorts, { resource }: Creation, { metadata }: KubernetesObject) =>
  new ObjectStream(ports, { resource, namespace: metadata.namespace ?? '', name: metadata.name })

const transitionOf = (
  { resource, origin }: Creation,
  { name }: ObjectStream,
  object: KubernetesObject,
): Transition => ({
  resource,
  to: object,
  holder: { stream: name, uid: object.metadata.uid ?? '' },
  origin,
})

type FoldedObject = Folded<StoredObject | undefined>

/** The stream as it is known without such an object. What seems to be there is looked up before anything is reserved. */
async function absent(
  stream: ObjectStream,
  creation: Creation,
  object: KubernetesObject,
): Promise<FoldedObject | undefined> {
  if (stream.known?.state === undefined) return stream.known
  const newest = await stream.read(stream.known)
  refuseTwice(creation, object, newest)
  return newest
}

function refuseTwice(
  { resource, isNameForOnce = false }: Creation,
  { metadata }: KubernetesObject,
  known: FoldedObject | undefined,
): void {
  const isUsed = isNameForOnce && known !== undefined && known.revision >= 0n
  if (known?.state || isUsed) throw alreadyExists(resource, metadata.name)
}

/**
 * Whether what was refused was drawn here, and is drawn anew now that the view has everything: a name, an address, a port.
 * What was asked for stays refused.
 */
async function isDrawnAgain(
  ports: WritePorts,
  creation: Creation,
  { object, error }: { object: KubernetesObject; error: unknown },
): Promise<boolean> {
  if (isRefusal(error, 'AlreadyExists')) return !creation.object.metadata.name
  if (!isRefusal(error, 'Invalid')) return false
  await reachHead(ports)
  const again = await newObject(ports, creation)
  const [before, after] = [object, again].map((each) => reservablesOf(creation.resource, each))
  return !isDeepEqual(before, after)
}

/** Creates the object as it was completed. */
async function createThis(ports: WritePorts, creation: Creation): Promise<Written> {
  const stream = streamFor(ports, creation, creation.object)
  const known = await absent(stream, creation, creation.object)
  const transition = transitionOf(creation, stream, creation.object)
  await reserve(ports, transition)
  return recordCreation(ports, creation, { stream, known, transition })
}

type Prepared = { stream: ObjectStream; known: FoldedObject | undefined; transition: Transition }

async function recordCreation(
  ports: WritePorts,
  creation: Creation,
  { stream, known, transition }: Prepared,
): Promise<Written> {
  const { resource, object, origin } = creation
  const { isSealed = false } = rulesOf(resource)
  const { uid } = transition.holder
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
        refuseTwice(creation, object, { state: current, revision: revision - 1n })
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
