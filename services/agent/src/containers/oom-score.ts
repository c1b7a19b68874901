import { type Container, memoryBytes, type Pod } from '@reckon/kubernetes'

/**
 * Of who has said how much is needed nobody is as easy to kill as who has not, nor as safe as who may have just that.
 */
const [least, most] = [3, 999]

/**
 * Whom the kernel kills first where memory runs out before anybody is evicted: from 0, nobody before others, to 1000.
 * As a kubelet's `GetContainerOOMScoreAdjust`, but never below 0: not every engine may protect anybody.
 */
export function oomScoreOf(pod: Pod, { resources }: Container, nodeMemoryBytes: number): number {
  const isCritical = pod.spec.priorityClassName === 'system-node-critical'
  if (isCritical || pod.status?.qosClass === 'Guaranteed') return 0
  if (pod.status?.qosClass === 'BestEffort') return 1000
  const requested = memoryBytes(resources?.requests?.memory ?? '0')
  const share = Math.floor((1000 * requested) / nodeMemoryBytes)
  return Math.min(most, Math.max(least, 1000 - share))
}
