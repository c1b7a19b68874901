import {
  type ControllerRevision,
  type DaemonSet,
  type DaemonSetStatus,
  isReady,
} from '@reckon/kubernetes'
import { availableAt } from '../ownership/pod-readiness.ts'
import { isAvailable, isUpdated, type NodePods } from './daemon-pods.ts'

/** The status of a DaemonSet: on how many nodes its pods should run, run, and are ready. */
export function daemonSetStatus(
  set: DaemonSet,
  nodes: readonly NodePods[],
  { update, nowMs }: { update: ControllerRevision; nowMs: number },
): { status: DaemonSetStatus; nextAvailableAtMs?: number } {
  const wanted = nodes.filter(({ shouldRun }) => shouldRun)
  const present = wanted.filter(({ pods }) => pods.length > 0)
  const ready = present.filter(({ pods }) => pods.some(({ status }) => isReady(status)))
  const available = ready.filter(({ pods }) => pods.some((pod) => isAvailable(pod, set, nowMs)))
  const later = ready
    .flatMap(({ running }) => running)
    .flatMap((pod) => availableAt(pod, set.spec.minReadySeconds ?? 0) ?? [])
    .filter((atMs) => atMs > nowMs)
  const counts = {
    updatedNumberScheduled: present.filter(({ pods }) => isUpdatedAt(pods, update)).length,
    numberAvailable: available.length,
    numberUnavailable: wanted.length - available.length,
  }
  const { collisionCount } = set.status ?? {}
  return {
    status: {
      currentNumberScheduled: present.length,
      numberMisscheduled: nodes.filter(({ shouldRun, pods }) => !shouldRun && pods.length > 0)
        .length,
      desiredNumberScheduled: wanted.length,
      numberReady: ready.length,
      observedGeneration: set.metadata.generation ?? 1,
      ...Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0)),
      ...(collisionCount && { collisionCount }),
    },
    ...(later.length > 0 && { nextAvailableAtMs: Math.min(...later) }),
  }
}

const isUpdatedAt = (pods: NodePods['pods'], update: ControllerRevision): boolean =>
  pods.some((pod) => isUpdated(pod, update))
