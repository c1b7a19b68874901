import type { ContainerStatus, PodStatus } from '../object.ts'

/** The statuses of all containers: init, app and ephemeral. */
export function containerStatusesOf(status: PodStatus | undefined): ContainerStatus[] {
  return [
    ...(status?.initContainerStatuses ?? []),
    ...(status?.containerStatuses ?? []),
    ...(status?.ephemeralContainerStatuses ?? []),
  ]
}
