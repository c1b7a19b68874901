import {
  type Holder,
  metadataOf,
  type Origin,
  type Reservable,
  type ReservationEvent,
  type ReservationState,
  reservation,
  reservationStream,
} from '@reckon/domain'
import { execute, type RecordedEvent } from '@reckon/eventing'
import { isRefusal } from '@reckon/kubernetes'
import type { WritePorts } from './write-ports.ts'

/**
 * Reserves every value for the holder, or none: what it got is given back when one is refused. A process that dies
 * between leaves a reservation without its object, which the replicator releases.
 */
export async function reserveAll(
  ports: WritePorts,
  reservables: readonly Reservable[],
  holder: Holder,
  origin: Origin,
): Promise<void> {
  for (const [index, reservable] of reservables.entries()) {
    try {
      await settle(ports, reservable, 'Reserve', holder, origin)
    } catch (error) {
      await giveBack(ports, reservables.slice(0, index), holder, origin)
      throw error
    }
  }
}

/** Gives back what the holder holds; what it does not hold stays as it is. */
export async function releaseAll(
  ports: WritePorts,
  reservables: readonly Reservable[],
  holder: Holder,
  origin: Origin,
): Promise<void> {
  for (const reservable of reservables) await settle(ports, reservable, 'Release', holder, origin)
}

/**
 * As releaseAll, after a write that is decided: what the store does not take back now is left to the replicator, for it
 * changes nothing about that write.
 */
export async function giveBack(
  ports: WritePorts,
  reservables: readonly Reservable[],
  holder: Holder,
  origin: Origin,
): Promise<void> {
  try {
    await releaseAll(ports, reservables, holder, origin)
  } catch (error) {
    if (!isRefusal(error)) throw error
  }
}

async function settle(
  ports: WritePorts,
  reservable: Reservable,
  type: 'Reserve' | 'Release',
  holder: Holder,
  origin: Origin,
): Promise<void> {
  const { clock, ids, objects } = ports
  const { initial, evolve, decide } = reservation(reservable)
  const known = objects.reservations.of(reservable)
  await execute<ReservationState>(ports, reservationStream(reservable), {
    known: known && { state: known, revision: known.revision },
    fold: {
      initial,
      evolve: (state, event: RecordedEvent) =>
        evolve(state, { type: event.type, data: event.data } as ReservationEvent),
      isWhole: () => true,
    },
    decide: (state) => {
      const [event] = decide({ type, holder }, state)
      if (!event) return undefined
      const id = ids.next()
      return { ...event, id, metadata: metadataOf(origin, id, clock.now()) }
    },
  })
}
