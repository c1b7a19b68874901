import { conditionOf, type Node } from '@reckon/kubernetes'

/** The part of a node that placements depend on. */
export const whatMatters = ({ metadata, spec, status }: Node) => [
  metadata.labels,
  spec,
  status?.allocatable ?? status?.capacity,
  conditionOf(status, 'Ready')?.status,
  status?.images,
]
