import type { Node, Pod, Toleration } from '@reckon/kubernetes'
import type { Random } from '@reckon/kubernetes/random'

const effects = ['NoSchedule', 'PreferNoSchedule', 'NoExecute']
const keys = ['team', 'gpu']
const values = ['x', 'y', '']
const operators = ['In', 'NotIn', 'Exists', 'DoesNotExist', 'Gt', 'Lt']

/** A node with more that pods may be particular about: how many cores it has, and another taint. */
export function particularNode(random: Random, node: Node): Node {
  const { metadata, spec } = node
  const taint = { key: random.of(keys), value: random.of(values), effect: random.of(effects) }
  const labels = { ...(random.chance(0.7) && { cores: random.of(['2', '8', 'many']) }) }
  return {
    ...node,
    metadata: { ...metadata, labels: { ...metadata.labels, ...labels } },
    spec: { ...spec, ...(random.chance(0.2) && { taints: [...(spec.taints ?? []), taint] }) },
  }
}

/** A pod that wants certain nodes by every operator, names one itself, or tolerates taints in all ways of saying so. */
export function particularPod(random: Random, pod: Pod, nodes: readonly string[]): Pod {
  const { affinity } = pod.spec
  const nodeSelectorTerms = some(random, 1, 2, () => ({
    matchExpressions: some(random, 0, 2, () => expression(random)),
    ...(random.chance(0.2) && { matchFields: [nameOf(random, nodes)] }),
  }))
  const required = { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms } }
  const nodeAffinity = { ...affinity?.nodeAffinity, ...required }
  return {
    ...pod,
    spec: {
      ...pod.spec,
      ...(random.chance(0.25) && { affinity: { ...affinity, nodeAffinity } }),
      ...(random.chance(0.05) && { nodeName: random.of([...nodes, 'gone']) }),
      ...(random.chance(0.3) && { tolerations: some(random, 1, 2, () => toleration(random)) }),
    },
  }
}

const some = <T>(random: Random, least: number, most: number, make: () => T): T[] =>
  Array.from({ length: least + random.below(most - least + 1) }, make)

function expression(random: Random) {
  const operator = random.of(operators)
  const key = random.of(['disk', 'rack', 'cores', 'none'])
  if (operator === 'Gt' || operator === 'Lt') return { key: 'cores', operator, values: ['4'] }
  if (operator !== 'In' && operator !== 'NotIn') return { key, operator }
  return { key, operator, values: some(random, 1, 3, () => random.of(['ssd', 'hdd', 'r1', '8'])) }
}

const nameOf = (random: Random, nodes: readonly string[]) => ({
  key: 'metadata.name',
  operator: random.of(['In', 'NotIn']),
  values: [random.of(nodes)],
})

function toleration(random: Random): Toleration {
  const isAny = random.chance(0.5)
  return {
    ...(isAny ? { operator: 'Exists' } : { value: random.of(values) }),
    ...(!(isAny && random.chance(0.2)) && { key: random.of(keys) }),
    ...(random.chance(0.5) && { effect: random.of(effects) }),
  }
}
