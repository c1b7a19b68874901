import type { RecordedEvent } from '@reckon/eventing'
import type { ReservationEvent } from '../reservation.ts'
import {
  type Holder,
  type Reservable,
  reservableOf,
  reservation,
  reservationStream,
} from '../reservation.ts'

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

  snapshot(): unknown {
    return [...this.#byStream].map(([stream, state]) => [
      stream,
      { ...state, revision: String(state.revision) },
    ])
  }

  restore(snapshot: unknown): void {
    this.#byStream.clear()
    for (const [stream, state] of snapshot as [string, { holder?: Holder; revision: string }][]) {
      this.#byStream.set(stream, { ...state, revision: BigInt(state.revision) })
    }
  }
}
