import type { Decider } from '@reckon/eventing'
import { conflict, invalid, resourceNamed, type StatusError } from '@reckon/kubernetes'
import { refOf } from './stream-name.ts'

/** What can be had by one object only, each value in a stream of its own: `clusterips-10.96.0.7`, `nodeports-30001`. */
export type Reservable = {
  pool: 'clusterips' | 'nodeports'
  value: string
  /** The field that asks for it: `spec.ports[0].nodePort`. */
  field?: string
}

/** For whom: the object's stream and uid. */
export type Holder = { stream: string; uid: string }

export const reservationStream = ({ pool, value }: Reservable): string => `${pool}-${value}`

export const reservableOf = (stream: string): Reservable | undefined => {
  const [, pool, value] = /^(clusterips|nodeports)-(.+)$/.exec(stream) ?? []
  return pool && value ? { pool: pool as Reservable['pool'], value } : undefined
}

export type ReservationEvent = {
  type: `${'ClusterIP' | 'NodePort'}${'Reserved' | 'Released'}`
  data: Holder
}
export type ReservationState = { holder?: Holder }
export type ReservationCommand = { type: 'Reserve' | 'Release'; holder: Holder }

/** The rules of one reserved value. Reserving twice for the same holder yields nothing the second time. */
export const reservation = (
  reservable: Reservable,
): Decider<ReservationCommand, ReservationState, ReservationEvent> => {
  const kind = reservable.pool === 'clusterips' ? 'ClusterIP' : 'NodePort'
  return {
    initial: {},
    evolve: (_, event) => (event.type.endsWith('Reserved') ? { holder: event.data } : {}),
    decide: ({ type, holder }, state) => {
      const isMine = state.holder?.uid === holder.uid
      if (type === 'Release') return isMine ? [{ type: `${kind}Released`, data: holder }] : []
      if (isMine) return []
      if (!state.holder) return [{ type: `${kind}Reserved`, data: holder }]
      throw taken(reservable, holder, state.holder)
    },
  }
}

/**
 * In upstream's words: the field that asks for it is what is invalid. Held by one of the same name, a race for that name
 * was lost.
 */
function taken({ pool, value, field }: Reservable, { stream }: Holder, by: Holder): StatusError {
  const ref = refOf(stream)
  if (!ref) throw new Error(`${stream} is no object's stream`)
  const resource = resourceNamed(ref.resourceId)
  if (by.stream === stream)
    return conflict(resource, ref.name, 'another of that name comes or goes')
  const shown =
    pool === 'clusterips'
      ? `["${value}"]: failed to allocate IP ${value}: provided IP is already allocated`
      : `${value}: provided port is already allocated`
  return invalid(resource, ref.name, [
    {
      reason: 'FieldValueInvalid',
      ...(field && { field }),
      message: `Invalid value: ${shown}`,
    },
  ])
}
