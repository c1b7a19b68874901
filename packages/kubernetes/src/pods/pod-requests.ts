import { setField } from '../json/json-object.ts'
import type { Container, Pod, PodSpec } from '../object.ts'
import { ownValue } from '../own-value.ts'
import { cpuMillis, unitsOf } from '../quantity.ts'

/** Amounts by resource name: `cpu` in thousandths of a core, everything else in whole units. */
export type Amounts = Readonly<Record<string, number>>

/** The requests assumed for scoring where a container has none, so that such pods spread too (kube-scheduler). */
const assumedForScoring: Amounts = { cpu: 100, memory: 200 * 1024 * 1024 }

/** Reads the quantities of a resource list. */
export function amountsOf(list: Readonly<Record<string, string>> | undefined): Amounts {
  const amounts: Record<string, number> = {}
  for (const [name, quantity] of Object.entries(list ?? {})) {
    setField(amounts, name, amountOf(name, quantity))
  }
  return amounts
}

function amountOf(name: string, quantity: string): number {
  return name === 'cpu' ? cpuMillis(quantity) : unitsOf(quantity)
}

// Cached: every node asks for the same pod, whose requests never change.
const requestsOfPod = new WeakMap<Pod, Amounts>()
const scoringRequestsOfPod = new WeakMap<Pod, Amounts>()

/**
 * The pod's requests: those of its containers and sidecars together, or those of its largest init container together
 * with the sidecars started before it, whichever is more; plus its overhead.
 */
export function podRequests(pod: Pod): Amounts {
  return remembered(requestsOfPod, pod, (container) => amountsOf(container.resources?.requests))
}

/** As `podRequests`, with a small amount for containers that request no CPU or memory. */
export function podRequestsForScoring(pod: Pod): Amounts {
  return remembered(scoringRequestsOfPod, pod, (container) => ({
    ...assumedForScoring,
    ...amountsOf(container.resources?.requests),
  }))
}

function remembered(
  known: WeakMap<Pod, Amounts>,
  pod: Pod,
  ofContainer: (container: Container) => Amounts,
): Amounts {
  const before = known.get(pod)
  if (before !== undefined) return before
  const requests = requestsOf(pod, ofContainer)
  known.set(pod, requests)
  return requests
}

function requestsOf({ spec }: Pod, ofContainer: (container: Container) => Amounts): Amounts {
  return sum(atOnce(spec, ofContainer, { none: {}, sum, most }), amountsOf(spec.overhead))
}

/** Arithmetic on amounts, independent of their representation. */
type Reckoning<A> = { none: A; sum(a: A, b: A): A; most(a: A, b: A): A }

/** All containers and sidecars together, or the largest init container with the sidecars started before it. */
export function atOnce<A>(
  { containers, initContainers = [] }: Pick<PodSpec, 'containers' | 'initContainers'>,
  of: (container: Container) => A,
  { none, sum, most }: Reckoning<A>,
): A {
  let running = containers.map(of).reduce(sum, none)
  let sidecars = none
  let initial = none
  for (const container of initContainers) {
    const own = of(container)
    initial = most(initial, sum(sidecars, own))
    if (container.restartPolicy !== 'Always') continue
    sidecars = sum(sidecars, own)
    running = sum(running, own)
  }
  return most(running, initial)
}

const combine = (a: Amounts, b: Amounts, how: (x: number, y: number) => number): Amounts => {
  const names = new Set([...Object.keys(a), ...Object.keys(b)])
  return Object.fromEntries(
    [...names].map((name) => [name, how(ownValue(a, name) ?? 0, ownValue(b, name) ?? 0)]),
  )
}

export function sum(a: Amounts, b: Amounts): Amounts {
  if (isNothing(a)) return b
  return isNothing(b) ? a : combine(a, b, (x, y) => x + y)
}

function isNothing(amounts: Amounts): boolean {
  for (const _ in amounts) return false
  return true
}

export const difference = (a: Amounts, b: Amounts): Amounts => combine(a, b, (x, y) => x - y)

const most = (a: Amounts, b: Amounts): Amounts => combine(a, b, Math.max)
