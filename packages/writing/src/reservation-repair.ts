import {
  causeOf,
  eventTypes,
  type Holder,
  metadataOf,
  type Origin,
  type Reservable,
  refOf,
  reservablesOf,
  reservation,
  reservationStream,
  type StoredObject,
  targetOf,
} from '@reckon/domain'
import type { Cause } from '@reckon/eventing'
import { isRefusal } from '@reckon/kubernetes'
import { ObjectStream } from './object-stream.ts'
import { recordChange } from './record-change.ts'
import type { Target } from './target.ts'
import { reservationFold } from './unique-values.ts'
import type { WritePorts } from './write-ports.ts'

/** A reserved value as its stream's end has it. */
export type HeldValue = {
  reservable: Reservable
  holder: Holder
  revision: bigint
  position: bigint
  /** The event that reserved it. */
  cause: Cause
}

/** What the end of the holder's stream says. */
export type FoundHolder = {
  target: Target
  stored: StoredObject | undefined
  revision: bigint
  /** The last event of that stream was at this position, or a later one; undefined where there is none. */
  endsAt: bigint | undefined
  /** Whether the holder is there and has the value. */
  isNeeded: boolean
}

/** Who holds the value, by the log; undefined where nobody does. */
export async function readHeld(
  { log }: WritePorts,
  reservable: Reservable,
): Promise<HeldValue | undefined> {
  const stream = reservationStream(reservable)
  const read = log.readStream(stream, { direction: 'backwards', limit: 1 })
  const [last] = await Array.fromAsync(read)
  if (last === undefined) return undefined
  const { initial, evolve } = reservationFold(reservable)
  const { holder } = evolve(initial, last)
  const { revision, position } = last
  return holder && { reservable, holder, revision, position, cause: causeOf(last) }
}

/** What became of the holder, by the log; undefined where its stream is no object's. */
export async function readHolder(
  ports: WritePorts,
  { reservable, holder }: HeldValue,
): Promise<FoundHolder | undefined> {
  if (refOf(holder.stream) === undefined) return undefined
  const target = targetOf(holder.stream)
  // First the end, then the state: what is recorded between the two only makes the end look older than it is.
  const [last] = await Array.fromAsync(
    ports.log.readStream(holder.stream, { direction: 'backwards', limit: 1 }),
  )
  const folded = last && (await new ObjectStream(ports, target).read())
  const stored = folded?.state
  const isNeeded =
    stored?.object.metadata.uid === holder.uid &&
    reservablesOf(target.resource, stored.object).some(
      (each) => reservationStream(each) === reservationStream(reservable),
    )
  return { target, stored, revision: folded?.revision ?? -1n, endsAt: last?.position, isNeeded }
}

/** Releases the value, unless anything happened to its reservation since it was read. */
export async function releaseHeld(
  { log, ids, clock }: WritePorts,
  { reservable, holder, revision }: HeldValue,
  origin: Origin,
): Promise<void> {
  const id = ids.next()
  const metadata = metadataOf(origin, id, clock.now())
  const released = reservation(reservable).decide({ type: 'Release', holder }, { holder })
  const events = released.map((event) => ({ ...event, id, metadata }))
  await log.append(reservationStream(reservable), revision, events)
}

/**
 * Records in the holder's stream that the write for which it reserved the value is given up, so that its append, if it still
 * comes, is refused. Answers whether that was recorded: not where anything happened to the holder since it was read.
 */
export async function abandon(
  ports: WritePorts,
  { holder }: HeldValue,
  { target, stored, revision }: FoundHolder,
  origin: Origin,
): Promise<boolean> {
  const { uid } = holder
  if (stored?.object.metadata.uid === uid) {
    const { resourceVersion = '' } = stored.object.metadata
    const decide = ({ object }: StoredObject) => ({ after: object, isNews: true })
    const preconditions = { uid, resourceVersion }
    try {
      await recordChange(ports, { target, decide, origin, preconditions })
      return true
    } catch (error) {
      if (isRefusal(error, 'Conflict') || isRefusal(error, 'NotFound')) return false
      throw error
    }
  }
  if (stored) throw new Error(`${holder.stream} has another object: nothing can come there`)
  const { log, ids, clock } = ports
  const id = ids.next()
  const metadata = metadataOf(origin, id, clock.now())
  const { deleted: type } = eventTypes(target.resource.kind)
  const data = { patch: [], abandoned: uid }
  const expected = revision === -1n ? 'NoStream' : revision
  return (await log.append(holder.stream, expected, [{ id, type, data, metadata }])).recorded
}
