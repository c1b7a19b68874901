import type { Container, PodSpec } from '../object.ts'

/** Every container of a pod, whatever it is for. */
export function containersOf(spec: PodSpec): Container[] {
  const { initContainers = [], containers = [], ephemeralContainers = [] } = spec
  return [...initContainers, ...containers, ...ephemeralContainers]
}
