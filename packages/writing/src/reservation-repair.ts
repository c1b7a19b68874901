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
} from '@reckon/domain'
import type { Cause } from '@reckon/eventing'
import { isRefusal } from '@reckon/kubernetes'
import { ObjectStream } from './object-stream.ts'
import { recordChange } from './record-change.ts'
import type { Target } from './target.ts'
import { reservationFold } from './unique-values.ts'
import type { WritePorts } from './write-ports.ts'

/** A reserved value, from the end of its stream. */
export type HeldValue = {
  reservable: Reservable
  holder: Holder
  revision: bigint
  position: bigint
  /** The event that reserved it. */
  cause: Cause
}

/** The state of somebody with a reservation, from the end of their stream. */
export type FoundClaimant = {
  target: Target
  stored: StoredObject | undefined
  revision: bigint
  /** The position of the stream's last event, or a later one; undefined where there is none. */
  endsAt: bigint | undefined
}

/** Also whether the holder exists and has the value. */
export type FoundHolder = FoundClaimant & { isNeeded: boolean }

/** The holder of a value according to the log; undefined where there is none. */
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

/** The state of the holder according to the log; undefined where its stream is not an object's. */
export async function readHolder(
  ports: WritePorts,
  { reservable, holder }: HeldValue,
): Promise<FoundHolder | undefined> {
  const found = await readClaimant(ports, holder)
  if (found === undefined) return undefined
  const { target, stored } = found
  const isNeeded =
    stored?.object.metadata.uid === holder.uid &&
    reservablesOf(target.resource, stored.object).some(
      (each) => reservationStream(each) === reservationStream(reservable),
    )
  return { ...found, isNeeded }
}

/** The state of somebody with a reservation according to the log; undefined where the kind is not served. */
export async function readClaimant(
  ports: WritePorts,
  holder: Holder,
): Promise<FoundClaimant | undefined> {
  const ref = refOf(holder.stream)
  const resource = ref && ports.known.resources.named(ref.resourceId)
  if (ref === undefined || resource === undefined) return undefined
  const target = { ...ref, resource }
  // The end first: events recorded between the two reads only make the end look older than it is.
  const [last] = await Array.fromAsync(
    ports.log.readStream(holder.stream, { direction: 'backwards', limit: 1 }),
  )
  const folded = last && (await new ObjectStream(ports, target).read())
  const stored = folded?.state
  return { target, stored, revision: folded?.revision ?? -1n, endsAt: last?.position }
}

/** Releases the value, unless its reservation has changed since it was read. */
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
 * Records in the holder's stream that its write is given up, so that the append is refused if it still comes. Returns
 * false where the holder has changed since it was read.
 */
export async function abandon(
  ports: WritePorts,
  { holder }: { holder: Holder },
  { target, stored, revision }: FoundClaimant,
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
