import type { Decider } from '@reckon/eventing'
import { conflict, invalid, type StatusError } from '@reckon/kubernetes'
import { dataOf, type Recorded } from './recorded-data.ts'
import { targetOf } from './stream-name.ts'

const poolNames = ['clusterips', 'nodeports', 'podcidrs'] as const
type Pool = (typeof poolNames)[number]
/** What the events of each pool are called by. */
const pools = {
  clusterips: 'ClusterIP',
  nodeports: 'NodePort',
  podcidrs: 'PodCIDR',
} as const satisfies Record<Pool, string>

/**
 * What can be had by one object only, each value in a stream of its own: `clusterips-10.96.0.7`, `nodeports-30001`,
 * `podcidrs-10.244.1.0/24`.
 */
export type Reservable = {
  pool: Pool
  value: string
  /** The field that asks for it: `spec.ports[0].nodePort`. */
  field?: string
  /** What uses it may outlive its object: it is given back by the replicator, once nothing does any more. */
  outlives?: true
}

/**
 * For whom: the object's stream and uid. `attempt` names the change of the object that asks for the value, so that of
 * two at once one has it, and gives back only its own.
 */
export type Holder = { stream: string; uid: string; attempt?: string }

/** Whom an event of a reservation is about. */
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
  /** An attempt takes back its own; what the object itself gave up at a position was reserved before. */
  | { type: 'Release'; holder: Holder; before?: bigint | undefined }

/** The rules of one reserved value. Reserving twice for the same attempt yields nothing the second time. */
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
 * In upstream's words: the field that asks for it is what is invalid. Held by one of the same name, a race for that
 * name was lost.
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
