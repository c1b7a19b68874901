import type { RecordedEvent } from '@reckon/eventing'
import {
  type Holder,
  holderIn,
  type Reservable,
  type ReservationState,
  reservableOf,
  reservation,
  reservationStream,
} from '../reservation.ts'

type Reserved = ReservationState & { revision: bigint }

/** The state of one value in JSON, by its stream. */
export type SavedReservation = readonly [
  stream: string,
  state: { holder?: Holder; position?: string; revision: string },
]

/**
 * Who holds which value, as a part of the shared projection. Released values are kept with their revision for the next
 * holder; there are no more of them than the pools have.
 */
export class Reservations {
  readonly #byStream = new Map<string, Reserved>()
  readonly #listeners = new Set<(reservable: Reservable) => void>()

  /** Returns whether the event was one of a reservation. */
  apply(event: RecordedEvent): boolean {
    const reservable = reservableOf(event.stream)
    if (!reservable) return false
    const { evolve } = reservation(reservable)
    const { type, position, revision } = event
    const reserved = evolve({}, { type, data: holderIn(event), position })
    this.#byStream.set(event.stream, { ...reserved, revision })
    for (const listener of this.#listeners) listener(reservable)
    return true
  }

  /** Calls the listener after each event of a reservation; returns a function to unsubscribe. */
  subscribe(listener: (reservable: Reservable) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  of(reservable: Reservable): Reserved | undefined {
    return this.#byStream.get(reservationStream(reservable))
  }

  /** Every value that is held. */
  *held(): Iterable<{ reservable: Reservable; holder: Holder }> {
    for (const [stream, { holder }] of this.#byStream) {
      const reservable = reservableOf(stream)
      if (holder && reservable) yield { reservable, holder }
    }
  }

  snapshot(): readonly SavedReservation[] {
    return Array.from(this.#byStream, ([stream, { holder, position, revision }]) => [
      stream,
      {
        ...(holder && { holder }),
        ...(position !== undefined && { position: String(position) }),
        revision: String(revision),
      },
    ])
  }

  restore([stream, { holder, position, revision }]: SavedReservation): void {
    this.#byStream.set(stream, {
      ...(holder && { holder }),
      ...(position !== undefined && { position: BigInt(position) }),
      revision: BigInt(revision),
    })
  }
}
