import type { Pod, PodDisruptionBudget } from '@reckon/kubernetes'
import { judgeByForce } from '../placing/brute-force.fixture.ts'
import type { PlainCluster } from '../placing/plain-cluster.fixture.ts'

type Chosen = { nodeName: string; victims: string[]; violations: number }

const priorityOf = ({ spec: { priority = 0 } }: Pod): number => priority
const startOf = ({ status }: Pod): string => status?.startTime ?? '~'
const keyOf = ({ metadata: { namespace, name } }: Pod): string => `${namespace}/${name}`

/** The more important first. */
const byImportance = (a: Pod, b: Pod): number =>
  priorityOf(b) - priorityOf(a) ||
  (startOf(a) === startOf(b)
    ? keyOf(a).localeCompare(keyOf(b), 'en')
    : startOf(a) < startOf(b)
      ? -1
      : 1)

/**
 * Kubernetes' rules of preemption as they are written down: each node judged anew, as a whole, for every pod that might
 * stay. Every node that pods could leave to its advantage, with the worth of doing so.
 */
export function preemptByForce(
  pod: Pod,
  plain: PlainCluster,
  budgets: readonly PodDisruptionBudget[],
): Chosen[] {
  const found: Chosen[] = []
  for (const nodeName of plain.nodes.keys()) {
    const lower = [...plain.pods].filter(
      ([, other]) => other.spec.nodeName === nodeName && priorityOf(other) < priorityOf(pod),
    )
    if (lower.length === 0) continue
    const gone = new Set(lower.map(([uid]) => uid))
    const suits = () => {
      const pods = new Map([...plain.pods].filter(([uid]) => !gone.has(uid)))
      return typeof judgeByForce(pod, { ...plain, pods }).get(nodeName) === 'number'
    }
    if (!suits()) continue
    const sorted = lower.toSorted(([, a], [, b]) => byImportance(a, b))
    const isViolating = violatingOf(
      sorted.map(([, other]) => other),
      budgets,
    )
    let violations = 0
    for (const first of [true, false]) {
      for (const [uid, other] of sorted) {
        if (isViolating.has(other) !== first) continue
        gone.delete(uid)
        if (suits()) continue
        gone.add(uid)
        if (first) violations += 1
      }
    }
    const victims = sorted.flatMap(([uid, other]) => (gone.has(uid) ? [other] : []))
    found.push({ nodeName, victims: victims.map(({ metadata }) => metadata.name), violations })
  }
  return found
}

function violatingOf(pods: readonly Pod[], budgets: readonly PodDisruptionBudget[]): Set<Pod> {
  const left = budgets.map(({ status }) => status?.disruptionsAllowed ?? 0)
  return new Set(
    pods.filter((pod) => {
      let isViolated = false
      for (const [index, { metadata, spec, status }] of budgets.entries()) {
        const wanted = Object.entries(spec.selector?.matchLabels ?? {})
        const isMeant = wanted.every(([key, value]) => pod.metadata.labels?.[key] === value)
        const isCounted = status?.disruptedPods?.[pod.metadata.name] !== undefined
        if (metadata.namespace !== pod.metadata.namespace || !isMeant || isCounted) continue
        left[index] = (left[index] ?? 0) - 1
        isViolated ||= (left[index] ?? 0) < 0
      }
      return isViolated
    }),
  )
}

/** Of the worth of several nodes the best, by upstream's order; equal ones all. */
export function bestByForce(found: readonly Chosen[], plain: PlainCluster): Chosen[] {
  const podOf = (name: string) =>
    [...plain.pods.values()].find(({ metadata }) => metadata.name === name)
  const costs = found.map((chosen) => {
    const pods = chosen.victims.flatMap((name) => podOf(name) ?? [])
    const priorities = pods.map(priorityOf)
    const highest = Math.max(...priorities)
    const starts = pods.filter((pod) => priorityOf(pod) === highest).map(startOf)
    const sum = priorities.reduce((all, priority) => all + priority + 2 ** 31, 0)
    const earliest = starts.toSorted()[0] ?? ''
    return { chosen, numbers: [chosen.violations, highest, sum, pods.length], earliest }
  })
  let left = costs
  for (const index of [0, 1, 2, 3]) {
    const least = Math.min(...left.map(({ numbers }) => numbers[index] ?? 0))
    left = left.filter(({ numbers }) => numbers[index] === least)
  }
  const latest = left
    .map(({ earliest }) => earliest)
    .toSorted()
    .at(-1)
  return left.filter(({ earliest }) => earliest === latest).map(({ chosen }) => chosen)
}
