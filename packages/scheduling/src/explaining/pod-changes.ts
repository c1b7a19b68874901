import { hostPortsOf, type Pod, type Taint, type Toleration } from '@reckon/kubernetes'
import type { ClusterState } from '../state/cluster-state.ts'
import { isHard, taintsOf, untoleratedTaint } from '../state/node-taints.ts'
import { smallerRequests } from './smaller-requests.ts'
import type { Trials } from './trial.ts'

type Spec = Pod['spec']

/** The possible changes of the pod itself, by sort, the smallest first. `fits` says whether a pod finds a node. */
export const podChanges = (
  pod: Pod,
  cluster: ClusterState,
  fits: (pod: Pod) => boolean,
): Trials[] => [
  smallerRequests(pod, cluster, fits),
  tolerations(pod, cluster),
  withoutSelectors(pod),
  withoutTerms(pod),
  withoutConstraints(pod),
  withoutPorts(pod),
]

/** `gpu=yes:NoSchedule`, as kubectl writes it. */
export const taintText = ({ key, value, effect }: Taint): string =>
  `${key}${value ? `=${value}` : ''}:${effect}`

const changed = (pod: Pod, spec: Partial<Spec>): Pod => ({ ...pod, spec: { ...pod.spec, ...spec } })

function* tolerations(pod: Pod, cluster: ClusterState): Trials {
  const { tolerations: own = [] } = pod.spec
  const seen = new Set<string>()
  for (const slot of cluster.slots.order.subarray(0, cluster.slots.count)) {
    const node = cluster.nodeAt(slot)
    const taint = node && untoleratedTaint(taintsOf(node), own, isHard)
    if (taint === undefined || seen.has(taintText(taint))) continue
    seen.add(taintText(taint))
    const { key, value, effect } = taint
    const toleration: Toleration = {
      ...{ key, effect, operator: value ? 'Equal' : 'Exists' },
      ...(value && { value }),
    }
    yield {
      change: `tolerate the taint ${taintText(taint)}`,
      pod: changed(pod, { tolerations: [...own, toleration] }),
    }
  }
}

function* withoutSelectors(pod: Pod): Trials {
  const { nodeSelector = {}, affinity } = pod.spec
  for (const [key, value] of Object.entries(nodeSelector)) {
    const { [key]: _, ...rest } = nodeSelector
    yield {
      change: `drop its nodeSelector ${key}=${value}`,
      pod: changed(pod, { nodeSelector: rest }),
    }
  }
  const { requiredDuringSchedulingIgnoredDuringExecution: required, ...preferred } =
    affinity?.nodeAffinity ?? {}
  if (required === undefined) return
  yield {
    change: 'drop its required node affinity',
    pod: changed(pod, { affinity: { ...affinity, nodeAffinity: preferred } }),
  }
}

function* withoutTerms(pod: Pod): Trials {
  const { affinity } = pod.spec
  for (const [part, word] of [
    ['podAffinity', 'affinity'],
    ['podAntiAffinity', 'anti-affinity'],
  ] as const) {
    const written = affinity?.[part]
    const terms = written?.requiredDuringSchedulingIgnoredDuringExecution ?? []
    for (const [index, term] of terms.entries()) {
      const rest = terms.toSpliced(index, 1)
      const without = { ...written, requiredDuringSchedulingIgnoredDuringExecution: rest }
      yield {
        change: `drop its required pod ${word} by ${term.topologyKey}`,
        pod: changed(pod, { affinity: { ...affinity, [part]: without } }),
      }
    }
  }
}

function* withoutConstraints(pod: Pod): Trials {
  const { topologySpreadConstraints: constraints = [] } = pod.spec
  for (const [index, { topologyKey, whenUnsatisfiable, maxSkew }] of constraints.entries()) {
    if (whenUnsatisfiable !== 'DoNotSchedule') continue
    yield {
      change: `drop its spreading over ${topologyKey} by at most ${maxSkew}`,
      pod: changed(pod, { topologySpreadConstraints: constraints.toSpliced(index, 1) }),
    }
  }
}

function* withoutPorts(pod: Pod): Trials {
  for (const { port, protocol } of hostPortsOf(pod)) {
    const containers = pod.spec.containers.map((container) => ({
      ...container,
      ports: (container.ports ?? []).filter(({ hostPort }) => hostPort !== port),
    }))
    yield { change: `drop its host port ${port}/${protocol}`, pod: changed(pod, { containers }) }
  }
}
