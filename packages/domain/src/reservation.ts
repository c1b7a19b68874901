import type { Decider } from '@reckon/eventing'
import { conflict, invalid, type StatusError } from '@reckon/kubernetes'
import { dataOf, type Recorded } from './recorded-data.ts'
import { targetOf } from './stream-name.ts'

const poolNames = ['clusterips', 'nodeports', 'podcidrs'] as const
type Pool = (typeof poolNames)[number]
/** The prefixes of each pool's event names. */
const pools = {
  clusterips: 'ClusterIP',
  nodeports: 'NodePort',
  podcidrs: 'PodCIDR',
} as const satisfies Record<Pool, string>

/**
 * A value that only one object can have, with a stream of its own: `clusterips-10.96.0.7`, `nodeports-30001`,
 * `podcidrs-10.244.1.0/24`.
 */
export type Reservable = {
  pool: Pool
  value: string
  /** The field that asks for it: `spec.ports[0].nodePort`. */
  field?: string
  /**
   * The value may be in use longer than its object exists; the replicator releases it when nothing uses it any more.
   */
  outlives?: true
}

/**
 * The holder: the object's stream and uid. `attempt` identifies the change that asks for the value, so that of two
 * concurrent attempts only one gets it, and each releases only its own.
 */
export type Holder = { stream: string; uid: string; attempt?: string }

/** The holder named in a reservation's event. */
export const holderIn = (event: Recorded): Holder => dataOf(event, 'stream', 'uid')

export const reservationStream = ({ pool, value }: Reservable): string => `${pool}-${value}`

export const reservableOf = (stream: string): Reservable | undefined => {
  const [, name, value] = /^([a-z]+)-(.+)$/.exec(stream) ?? []
  const pool = poolNames.find((each) => each === name)
  return pool && value ? { pool, value } : undefined
}

type ReservationEvent = {
  type: `${(typeof pools)[Pool]}${'Reserved' | 'Released'}`
  data: Holder
}
type RecordedReservation = { type: string; data: Holder; position?: bigint }
/** `position`: where the log says that the value was reserved. */
export type ReservationState = { holder?: Holder; position?: bigint }
export type ReservationCommand =
  | { type: 'Reserve'; holder: Holder }
  /**
   * An attempt releases its own reservation; an object that gave up a value at some position had reserved it before.
   */
  | { type: 'Release'; holder: Holder; before?: bigint | undefined }

/** The rules of one reserved value. Reserving twice in the same attempt has no effect the second time. */
export const reservation = (reservable: Reservable) => {
  const kind = pools[reservable.pool]
  return {
    initial: {},
    evolve: (_: ReservationState, { type, data: holder, position }: RecordedReservation) =>
      type.endsWith('Reserved') ? { holder, ...(position !== undefined && { position }) } : {},
    decide: (command, { holder: by, position = 0n }) => {
      const { holder } = command
      const isAttempts = by?.uid === holder.uid && by.attempt === holder.attempt
      if (command.type === 'Reserve') {
        if (isAttempts) return []
        if (by === undefined) return [{ type: `${kind}Reserved`, data: holder }]
        throw taken(reservable, holder, by)
      }
      const { before } = command
      const isGivenUp = by?.uid === holder.uid && before !== undefined && position < before
      return isAttempts || isGivenUp ? [{ type: `${kind}Released`, data: holder }] : []
    },
  } satisfies Decider<ReservationCommand, ReservationState, ReservationEvent>
}

/**
 * The refusal in upstream's words: the field that asks for the value is invalid. If the holder has the same name, a
 * race for that name was lost.
 */
function taken({ pool, value, field }: Reservable, { stream }: Holder, by: Holder): StatusError {
  const { resource, name } = targetOf(stream)
  if (by.stream === stream) return conflict(resource, name, 'another of that name comes or goes')
  const shown = {
    clusterips: `["${value}"]: failed to allocate IP ${value}: provided IP is already allocated`,
    nodeports: `${value}: provided port is already allocated`,
    podcidrs: `"${value}": provided range is already allocated`,
  }[pool]
  return invalid(resource, name, [
    {
      reason: 'FieldValueInvalid',
      ...(field && { field }),
      message: `Invalid value: ${shown}`,
    },
  ])
}
