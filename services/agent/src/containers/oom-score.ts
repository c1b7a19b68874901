import { type Container, memoryBytes, type Pod } from '@reckon/kubernetes'

/** Bounds for burstable containers, between those without requests (1000) and guaranteed ones (0). */
const [least, most] = [3, 999]

/**
 * The OOM score adjustment, from 0 to 1000 (killed first). As a kubelet's `GetContainerOOMScoreAdjust`, but never below
 * 0, because not every engine may set that.
 */
export function oomScoreOf(pod: Pod, { resources }: Container, nodeMemoryBytes: number): number {
  const isCritical = pod.spec.priorityClassName === 'system-node-critical'
  if (isCritical || pod.status?.qosClass === 'Guaranteed') return 0
  if (pod.status?.qosClass === 'BestEffort') return 1000
  const requested = memoryBytes(resources?.requests?.memory ?? '0')
  const share = Math.floor((1000 * requested) / nodeMemoryBytes)
  return Math.min(most, Math.max(least, 1000 - share))
}
