import type { Container, Pod } from '@reckon/kubernetes'

/** Every container of a pod, whatever it is for. */
export const containersOf = ({ spec }: Pod): readonly Container[] => [
  ...(spec.initContainers ?? []),
  ...spec.containers,
  ...(spec.ephemeralContainers ?? []),
]
