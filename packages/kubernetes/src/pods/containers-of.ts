import type { Container, PodSpec } from '../object.ts'

/** All containers of a pod: init, app and ephemeral. */
export function containersOf(spec: PodSpec): Container[] {
  const { initContainers = [], containers = [], ephemeralContainers = [] } = spec
  return [...initContainers, ...containers, ...ephemeralContainers]
}
