import { podRequests } from '@reckon/kubernetes'
import { type Plugin, scoreMax } from '../framework.ts'

/** Prefers nodes where CPU and memory would be used to the same degree: 100 less half their distance. */
export const nodeResourcesBalancedAllocation: Plugin = {
  name: 'NodeResourcesBalancedAllocation',
  score(pod, node) {
    const requests = podRequests(pod)
    const [cpu = 0, memory = 0] = ['cpu', 'memory'].map((name) => {
      const allocatable = node.allocatable[name] ?? 0
      if (allocatable === 0) return 0
      return Math.min(1, ((node.requested[name] ?? 0) + (requests[name] ?? 0)) / allocatable)
    })
    return Math.floor((1 - Math.abs(cpu - memory) / 2) * scoreMax)
  },
}
