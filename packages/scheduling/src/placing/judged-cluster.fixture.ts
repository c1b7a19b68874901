import {
  fnv1a32,
  type Namespace,
  type Node,
  type Pod,
  type PodDisruptionBudget,
} from '@reckon/kubernetes'
import { Random } from '@reckon/kubernetes/random'
import { particularNode, particularPod } from './particular.fixture.ts'
import { namespaceNames, randomNode, randomPod } from './random-cluster.fixture.ts'

/** A cluster that was never scheduled: pods stand anywhere, and some are to be judged. */
export type JudgedCluster = {
  readonly nodes: readonly Node[]
  readonly namespaces: readonly Namespace[]
  readonly budgets: readonly PodDisruptionBudget[]
  readonly pods: readonly Pod[]
  readonly wanted: readonly Pod[]
}

/** What one node is to a pod: no reasons where it suits, and who would have to leave it where that would help. */
export type JudgedNode = {
  readonly reasons?: readonly string[]
  /** By name, the most important first. */
  readonly victims?: readonly string[]
  readonly violations?: number
}

/** So many clusters were judged, from seed 1 on. */
export const judgedClusters = 2_000

const wantedEach = 3
const podsMax = 24

/** Always the same cluster for a seed. */
export function judgedCluster(seed: number): JudgedCluster {
  const random = new Random(seed)
  // Drawn apart, so that all else is as it was before there was this.
  const particular = new Random(~seed)
  const nodes = Array.from({ length: 2 + random.below(8) }, (_, index) => {
    return particularNode(particular, readyNode(randomNode(random, `n${index}`)))
  })
  const names = nodes.map(({ metadata }) => metadata.name)
  const pods = Array.from({ length: random.below(podsMax) }, (_, index) =>
    standing(random, nodes, index),
  )
  const wanted = Array.from({ length: wantedEach }, (_, index) => {
    const pod = particularPod(particular, randomPod(random, `wanted-${index}`), names)
    return { ...pod, spec: { ...pod.spec, priority: random.of([0, 10, 20]) } }
  })
  const namespaces = namespaceNames.map((name): Namespace => {
    const labels = { team: random.of(['a', 'b']) }
    return { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels }, spec: {} }
  })
  const budgets = Array.from({ length: random.below(3) }, (_, index) => budget(random, index))
  return { nodes, namespaces, budgets, pods, wanted }
}

/** That a node is not ready others tell the scheduler by a taint. */
const readyNode = (node: Node): Node => ({
  ...node,
  status: { ...node.status, conditions: [{ type: 'Ready', status: 'True' }] },
})

function standing(random: Random, nodes: readonly Node[], index: number): Pod {
  const { metadata, spec } = randomPod(random, `p${index}`)
  const { name } = random.of(nodes).metadata
  return {
    ...{ apiVersion: 'v1', kind: 'Pod' },
    metadata: {
      ...metadata,
      ...(random.chance(0.05) && { deletionTimestamp: '2026-01-01T00:00:00Z' }),
    },
    spec: { ...spec, nodeName: name, priority: random.of([-5, 0, 0, 5, 10]) },
    // No two start at once: among these upstream’s order is nobody’s promise.
    status: {
      startTime: new Date(Date.UTC(2026, 0, 1, 0, 0, (index * 7) % podsMax))
        .toISOString()
        .replace('.000', ''),
    },
  }
}

function budget(random: Random, index: number): PodDisruptionBudget {
  const counts = { currentHealthy: 1, desiredHealthy: 1, expectedPods: 1 }
  return {
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata: { name: `b${index}`, namespace: random.of(namespaceNames) },
    spec: { selector: { matchLabels: { app: random.of(['web', 'db']) } } },
    status: { disruptionsAllowed: random.below(2), ...counts },
  }
}

/**
 * One pod's judgement in a few letters: which nodes suit, as hexadecimal bits, and 16 bits of a hash of everything that
 * was said of the others.
 */
export function answerOf(nodes: ReadonlyMap<string, JudgedNode>): string {
  const sorted = [...nodes].sort(([a], [b]) => (a < b ? -1 : 1))
  const bits = sorted.reduce((sum, [, { reasons }], index) => sum + (reasons ? 0 : 2 ** index), 0)
  const said = sorted.map(([name, { reasons = [], victims = [], violations = 0 }]) => {
    return JSON.stringify([name, reasons.toSorted(), victims, violations])
  })
  const hash = fnv1a32(said.join('\n'))
  return `${bits.toString(16)}:${((hash ^ (hash >>> 16)) & 0xffff).toString(16).padStart(4, '0')}`
}
