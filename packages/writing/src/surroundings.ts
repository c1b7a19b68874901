import type { Surroundings } from '@reckon/domain'
import type { WritePorts } from './write-ports.ts'

/** What the rules of a kind may look at. */
export const surroundingsOf = ({ known, ids }: WritePorts): Surroundings => ({
  cluster: known.cluster,
  holderOf: (reservable) => known.holderOf(reservable),
  ids,
})
