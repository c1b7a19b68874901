import type { PrepareContext } from '@reckon/domain'
import type { WritePorts } from './write-ports.ts'

/** What the rules of a kind may look at. */
export const prepareContextOf = ({ known, ids }: WritePorts): PrepareContext => ({
  cluster: known.cluster,
  holderOf: (reservable) => known.holderOf(reservable),
  resources: known.resources,
  ids,
})
