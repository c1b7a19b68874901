import type { RecordedEvent } from '@reckon/eventing'
import type { ReservationEvent } from '../reservation.ts'
import {
  type Holder,
  type Reservable,
  reservableOf,
  reservation,
  reservationStream,
} from '../reservation.ts'

/** The state of one value, by its stream, as JSON has it. */
export type SavedReservation = readonly [
  stream: string,
  state: { holder?: Holder; revision: string },
]

/**
 * Who holds what, as a part of the shared projection. A value released is kept with its revision, for who takes it next: no
 * more than the pools have.
 */
export class Reservations {
  readonly #byStream = new Map<string, { holder?: Holder; revision: bigint }>()

  /** Whether the event was one of a reservation. */
  apply(event: RecordedEvent): boolean {
    const reservable = reservableOf(event.stream)
    if (!reservable) return false
    const { evolve } = reservation(reservable)
    const state = evolve({}, { type: event.type, data: event.data } as ReservationEvent)
    this.#byStream.set(event.stream, { ...state, revision: event.revision })
    return true
  }

  of(reservable: Reservable): { holder?: Holder; revision: bigint } | undefined {
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
    return Array.from(this.#byStream, ([stream, { revision, ...state }]) => [
      stream,
      { ...state, revision: String(revision) },
    ])
  }

  restore([stream, { revision, ...state }]: SavedReservation): void {
    this.#byStream.set(stream, { ...state, revision: BigInt(revision) })
  }
}
