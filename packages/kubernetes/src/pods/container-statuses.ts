import type { ContainerStatus, PodStatus } from '../object.ts'

/** What is told of every container of a pod, whatever it is for. */
export function containerStatusesOf(status: PodStatus | undefined): ContainerStatus[] {
  return [
    ...(status?.initContainerStatuses ?? []),
    ...(status?.containerStatuses ?? []),
    ...(status?.ephemeralContainerStatuses ?? []),
  ]
}
