import { type Pod, podRequests } from '@reckon/kubernetes'
import type { ClusterState } from '../state/cluster-state.ts'
import type { Trials } from './trial.ts'

const mebibyte = 2 ** 20

/** Of each resource that a pod asks for, the most that it could ask for and find a node. */
export function* smallerRequests(
  pod: Pod,
  cluster: ClusterState,
  fits: (pod: Pod) => boolean,
): Trials {
  for (const [name, amount] of Object.entries(podRequests(pod))) {
    const amounts = amountsLeft(cluster, name).filter((left) => left > 0 && left < amount)
    // A smaller request fits more nodes, so bisection finds the largest one that fits.
    let [least, most] = [0, amounts.length]
    let best: { left: number; pod: Pod } | undefined
    while (least < most) {
      const middle = Math.floor((least + most) / 2)
      const left = amounts[middle] ?? 0
      const smaller = withRequest(pod, { name, from: amount, to: left })
      if (smaller !== undefined && fits(smaller)) {
        best = { left, pod: smaller }
        least = middle + 1
      } else most = middle
      yield 'Pause'
    }
    if (best === undefined) continue
    const change = `ask for ${shown(name, best.left)} ${name} instead of ${shown(name, amount)}`
    yield { change, pod: best.pod }
  }
}

/** The free amounts of a resource on nodes, ascending and distinct; bytes in whole mebibytes. */
function amountsLeft({ resources, slots }: ClusterState, name: string): number[] {
  const { allocatable, requested } = resources.of(name)
  const left = Array.from(slots.order.subarray(0, slots.count), (slot) => {
    const free = (allocatable[slot] ?? 0) - (requested[slot] ?? 0)
    return isBytes(name) ? Math.floor(free / mebibyte) * mebibyte : free
  })
  return [...new Set(left)].sort((a, b) => a - b)
}

/** The reduction is taken from the container with the largest request; undefined where that is not enough. */
function withRequest(
  pod: Pod,
  { name, from, to }: { name: string; from: number; to: number },
): Pod | undefined {
  const { containers } = pod.spec
  const asked = containers.map((container) =>
    requestOf({ ...pod, spec: { containers: [container] } }, name),
  )
  const most = Math.max(...asked)
  const rest = most - (from - to)
  if (rest < 0) return undefined
  const at = asked.indexOf(most)
  const changed = containers.map((container, index) => {
    if (index !== at) return container
    const requests = { ...container.resources?.requests, [name]: written(name, rest) }
    return { ...container, resources: { ...container.resources, requests } }
  })
  const smaller = { ...pod, spec: { ...pod.spec, containers: changed } }
  return requestOf(smaller, name) <= to ? smaller : undefined
}

const requestOf = (pod: Pod, name: string): number => podRequests(pod)[name] ?? 0

const isBytes = (name: string): boolean =>
  name === 'memory' || name === 'ephemeral-storage' || name.startsWith('hugepages-')

const written = (name: string, amount: number): string =>
  name === 'cpu' ? `${amount}m` : String(amount)

function shown(name: string, amount: number): string {
  if (name === 'cpu') return amount % 1000 === 0 ? `${amount / 1000}` : `${amount}m`
  if (!isBytes(name)) return String(amount)
  return amount % (1024 * mebibyte) === 0
    ? `${amount / (1024 * mebibyte)}Gi`
    : `${Math.ceil(amount / mebibyte)}Mi`
}
