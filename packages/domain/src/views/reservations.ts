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

/** The state of one value, by its stream, as JSON has it. */
export type SavedReservation = readonly [
  stream: string,
  state: { holder?: Holder; position?: string; revision: string },
]

/**
 * Who holds what, as a part of the shared projection. A value released is kept with its revision, for who takes it
 * next: no more than the pools have.
 */
export class Reservations {
  readonly #byStream = new Map<string, Reserved>()
  readonly #listeners = new Set<(reservable: Reservable) => void>()

  /** Whether the event was one of a reservation. */
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

  /** Calls the listener after each event of a reservation; returns how to end it. */
  subscribe(listener: (reservable: Reservable) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  of(reservable: Reservable): Reserved | undefined {
    return this.#byStream.get(reservationStream(reservable))
  }

  /** Every value that somebody holds. */
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
