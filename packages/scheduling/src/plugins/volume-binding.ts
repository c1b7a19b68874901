import { compareQuantities, isReachedFrom, type Node } from '@reckon/kubernetes'
import type { NodePlugin } from '../framework.ts'
import type { ClaimNeed } from '../state/claim-need.ts'

/**
 * A pod runs where its claims' volumes can be used. A claim that is bound only once a node is chosen needs an available
 * volume there, or a provisioner; a node that was chosen for it before remains.
 */
export const volumeBinding: NodePlugin = {
  name: 'VolumeBinding',
  points: ['filter'],
  judges: 'node',
  helpedBy: ['StorageChanged'],
  prepare({ claims }, { storage }) {
    if (claims.length === 0) return undefined
    const needs = storage.needsOf(claims)
    const obstacle = needs.find((need) => need.type === 'Obstacle')
    if (obstacle) return { filter: () => obstacle.why }
    const delayed = needs
      .filter((need) => need.type === 'Delayed')
      .sort((a, b) => compareQuantities(a.request, b.request))
    return { filter: (node) => conflictAt(node, needs) ?? missingAt(node, delayed) }
  },
}

function conflictAt(node: Node, needs: readonly ClaimNeed[]): string | undefined {
  const isReached = needs.every((need) => need.type !== 'Bound' || isReachedFrom(need.volume, node))
  return isReached ? undefined : 'node(s) had volume node affinity conflict'
}

type Delayed = ClaimNeed & { type: 'Delayed' }

const missingAt = (node: Node, delayed: readonly Delayed[]): string | undefined =>
  hasVolumes(node, delayed) ? undefined : "node(s) didn't find available persistent volumes to bind"

/**
 * Whether each of the claims that wait finds a volume of its own; those that ask for less choose first, as upstream.
 */
function hasVolumes(node: Node, delayed: readonly Delayed[]): boolean {
  const taken = new Set<string>()
  for (const need of delayed) {
    if (need.selectedNode !== undefined) {
      if (need.selectedNode !== node.metadata.name) return false
      continue
    }
    const found = need.volumes.find(
      (volume) => !taken.has(volume.name) && isReachedFrom(volume, node),
    )
    if (found) taken.add(found.name)
    else if (!need.isMade) return false
  }
  return true
}
