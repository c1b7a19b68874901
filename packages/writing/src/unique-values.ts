import {
  type Holder,
  holderIn,
  metadataOf,
  type Origin,
  type Reservable,
  type ReservationState,
  reservablesOf,
  reservation,
  reservationStream,
} from '@reckon/domain'
import { execute, type Fold } from '@reckon/eventing'
import { isRefusal } from '@reckon/kubernetes'
import type { ReservePlugin, Transition } from './reserve-plugin.ts'
import type { WritePorts } from './write-ports.ts'

/** Values to reserve, their holder and cause; `before` is the position at which the holder gave them up. */
type Claim = {
  reservables: readonly Reservable[]
  holder: Holder
  origin: Origin
  before?: bigint | undefined
}

/** Reserves addresses, ports and other unique values, each in a stream of its own. */
export const uniqueValues: ReservePlugin = {
  name: 'UniqueValues',
  reserve: (ports, transition) => reserveAll(ports, claimOf(transition)),
  release: (ports, { from, to, ...rest }) => {
    const claim = claimOf({ ...rest, from: to, to: from })
    const isRecorded = rest.recordedAt !== undefined
    const reservables = claim.reservables.filter(({ outlives }) => !isRecorded || !outlives)
    return giveBack(ports, { ...claim, reservables, before: rest.recordedAt })
  },
}

/**
 * Reserves all values for the holder, or none. A process that dies in between leaves a reservation without its object,
 * which the replicator releases.
 */
export async function reserveAll(ports: WritePorts, claim: Claim): Promise<void> {
  const { reservables } = claim
  for (const [index, reservable] of reservables.entries()) {
    try {
      await settle(ports, reservable, 'Reserve', claim)
    } catch (error) {
      await giveBack(ports, { ...claim, reservables: reservables.slice(0, index) })
      throw error
    }
  }
}

/**
 * Releases values of the holder, beside a write that is decided: if the store is away, the replicator does so later,
 * since it does not affect the write.
 */
async function giveBack(ports: WritePorts, claim: Claim): Promise<void> {
  try {
    for (const reservable of claim.reservables) await settle(ports, reservable, 'Release', claim)
  } catch (error) {
    if (!isRefusal(error)) throw error
  }
}

/** The claim for the values that a transition adds. */
function claimOf({ resource, from, to, holder, origin }: Transition): Claim {
  const had = new Set(from && reservablesOf(resource, from).map(reservationStream))
  const reservables = to ? reservablesOf(resource, to) : []
  return {
    reservables: reservables.filter((each) => !had.has(reservationStream(each))),
    holder,
    origin,
  }
}

async function settle(
  ports: WritePorts,
  reservable: Reservable,
  type: 'Reserve' | 'Release',
  { holder, origin, before }: Claim,
): Promise<void> {
  const { clock, ids, known } = ports
  const { decide } = reservation(reservable)
  const stream = reservationStream(reservable)
  const executed = await execute<ReservationState>(ports, stream, {
    known: known.reservation(reservable),
    fold: reservationFold(reservable),
    decide: (state) => {
      const [event] = decide({ type, holder, before }, state)
      if (!event) return undefined
      const id = ids.next()
      return { ...event, id, metadata: metadataOf(origin, id, clock.now()) }
    },
  })
  known.noteReservation(stream, executed)
}

/** Folds a reservation's stream. */
export const reservationFold = (reservable: Reservable): Fold<ReservationState> => {
  const { initial, evolve } = reservation(reservable)
  return {
    initial,
    evolve: (state, event) => evolve(state, { ...event, data: holderIn(event) }),
    isFullState: () => true,
  }
}
