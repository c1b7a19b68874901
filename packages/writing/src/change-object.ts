import {
  assertOpen,
  type Origin,
  reserves,
  type StoredObject,
  type WritableSubresource,
} from '@reckon/domain'
import { attempt, isOutage } from '@reckon/eventing'
import { isRefusal, type KubernetesObject } from '@reckon/kubernetes'
import { atHead, type Look } from './at-head.ts'
import type { Outcome, RecordedAs } from './change-draft.ts'
import { ObjectStream } from './object-stream.ts'
import { backOf, release } from './phases.ts'
import type { Preconditions } from './preconditions.ts'
import { present, recordChange, wouldRecord } from './record-change.ts'
import { reserveDrawn } from './reserve-drawn.ts'
import type { Target } from './target.ts'
import { isEnded, updated } from './updated-object.ts'
import type { WritePorts } from './write-ports.ts'
import type { DryRun, Written } from './written.ts'

export type Change<T extends KubernetesObject = KubernetesObject> = {
  target: Target<T>
  /** Returns the changed object; called again when another writer was first. */
  change(current: T): KubernetesObject
  origin: Origin
  preconditions?: Preconditions
  subresource?: WritableSubresource
  recordedAs?: RecordedAs
  /** Whether to record an event even if the object is unchanged, because of the data added to it. */
  isNews?(current: StoredObject): boolean
}

/**
 * Changes an object: default, mutate, validate, admit, reserve, then one event; none if the object is unchanged.
 * Removing the last finalizer of a terminating object ends it.
 */
export const changeObject = <T extends KubernetesObject>(
  ports: WritePorts,
  change: Change<T>,
): Promise<Written> => changeOne(ports, change)

function changeOne(ports: WritePorts, change: Change): Promise<Written> {
  const isHolder = reserves(change.target.resource) && change.subresource !== 'status'
  return atHead(ports, (look) =>
    isHolder
      ? changeHolder(ports, change, look)
      : recordChange(ports, {
          ...change,
          decide: (current) => outcomeOf(ports, change, current, look),
        }),
  )
}

/** The result that `changeObject` would have now. Reserves nothing. */
export const wouldChange = <T extends KubernetesObject>(
  ports: WritePorts,
  change: Change<T>,
): Promise<DryRun> => wouldChangeOne(ports, change)

const wouldChangeOne = (ports: WritePorts, change: Change): Promise<DryRun> =>
  atHead(ports, (look) =>
    wouldRecord(ports, { ...change, decide: (current) => outcomeOf(ports, change, current, look) }),
  )

const triesMax = 5

/**
 * Changes an object with unique values. A refusal counts only for the newest version; otherwise it is decided again on
 * that.
 */
async function changeHolder(ports: WritePorts, change: Change, look: Look): Promise<Written> {
  const stream = new ObjectStream(ports, change.target)
  for (let tries = 1; ; tries++) {
    try {
      return await changeReserved(ports, change, stream, look)
    } catch (error) {
      if (!isRefusal(error) || isOutage(error) || tries === triesMax) throw error
      const newest = await stream.read(stream.known)
      if (newest?.revision === stream.known?.revision) throw error
      stream.known = newest
    }
  }
}

/**
 * Values that the change adds are reserved first, for this version of the object only; those that it gives up are
 * released afterwards.
 */
async function changeReserved(
  ports: WritePorts,
  change: Change,
  stream: ObjectStream,
  look: Look,
): Promise<Written> {
  const { target, origin } = change
  const current = present(change, stream.known?.state)
  const { uid = '', resourceVersion = '' } = current.object.metadata
  const attemptId = ports.ids.next()
  const { outcome, transition } = await reserveDrawn(ports, () => {
    const outcome = attempt(stream.name, () => outcomeOf(ports, change, current, look))
    const holder = { stream: stream.name, uid, attempt: attemptId }
    const to = outcome.isEnd ? undefined : outcome.after
    const transition = { resource: target.resource, from: current.object, to, holder, origin }
    return { outcome, transition }
  })
  const preconditions = { uid, resourceVersion }
  const recording = { target, decide: () => outcome, origin, preconditions }
  const written = await recordChange(ports, recording, stream).catch(async (error) => {
    // With an unknown outcome the object may need them: the replicator finds out later.
    if (!isRefusal(error, 'Timeout')) await release(ports, backOf(transition))
    throw error
  })
  await release(ports, { ...transition, recordedAt: written.event?.position })
  return written
}

function outcomeOf(
  ports: WritePorts,
  { target, change, subresource, recordedAs, isNews, origin: { actor } }: Change,
  current: StoredObject,
  look: Look,
): Outcome {
  assertOpen(current)
  const before = current.object
  const object = change(before)
  const write = { resource: target.resource, object, before, subresource, actor }
  const after = updated(ports, write, look)
  const isEnd = isEnded(target.resource, before, after, ports.clock.now())
  return { after, isEnd, isNews: isNews?.(current) === true, ...(recordedAs && { recordedAs }) }
}
