import type { PrepareContext } from '@reckon/domain'
import type { WritePorts } from './write-ports.ts'

/** The context for a kind's rules. */
export const prepareContextOf = ({ known, ids }: WritePorts): PrepareContext => ({
  cluster: known.cluster,
  holderOf: (reservable) => known.holderOf(reservable),
  resources: known.resources,
  ids,
})
