import { ownValue, podRequests, podRequestsForScoring } from '@reckon/kubernetes'
import { type Plugin, scoreMax } from '../framework.ts'

/** What all pods of a node ask for must fit; the node with the most left over is best (LeastAllocated). */
export const nodeResourcesFit: Plugin = {
  name: 'NodeResourcesFit',
  filter(pod, node) {
    const reasons: string[] = []
    if (node.podCount + 1 > (node.allocatable.pods ?? 0)) reasons.push('Too many pods')
    for (const [name, amount] of Object.entries(podRequests(pod))) {
      const free = (ownValue(node.allocatable, name) ?? 0) - (ownValue(node.requested, name) ?? 0)
      if (amount > 0 && amount > free) reasons.push(`Insufficient ${name}`)
    }
    return reasons.length > 0 ? reasons : undefined
  },
  score(pod, node) {
    const requests = podRequestsForScoring(pod)
    const scores = ['cpu', 'memory'].map((name) => {
      const allocatable = node.allocatable[name] ?? 0
      const requested = (node.requestedForScoring[name] ?? 0) + (requests[name] ?? 0)
      if (allocatable === 0 || requested > allocatable) return 0
      return Math.floor(((allocatable - requested) * scoreMax) / allocatable)
    })
    return Math.floor(scores.reduce((total, score) => total + score, 0) / scores.length)
  },
}
