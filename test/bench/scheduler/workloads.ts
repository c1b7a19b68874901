import type { Pod } from '@reckon/kubernetes'
import { hostname, nodeName, podOf, small, zone } from './objects.ts'

/** Pods that are placed one after the other. */
export type Workload = {
  what: string
  create(index: number): Pod
  /** As many as there are, where it is about so many; else 10,000 at most. */
  count?: 'All' | 'EachNode'
  /** What stands on each node from the start. */
  standing?(node: number): readonly Pod[]
  /** Namespaces beside `default`. */
  namespaces?: readonly string[]
}

const app = (index: number, apps: number): string => `app-${index % apps}`

const term = (name: string, topologyKey: string) => ({
  topologyKey,
  labelSelector: { matchLabels: { app: name } },
})

const namespaces = Array.from({ length: 100 }, (_, index) => `team-${index}`)

const spread = (name: string): Pod =>
  podOf(name, {
    topologySpreadConstraints: [zone, hostname].map((key) => ({
      ...term(name, key),
      maxSkew: 1,
      whenUnsatisfiable: 'DoNotSchedule',
    })),
  })

const apart = (name: string): Pod => {
  const required = { requiredDuringSchedulingIgnoredDuringExecution: [term(name, hostname)] }
  return podOf(name, { affinity: { podAntiAffinity: required } })
}

/** Apart from the pods of its app in every namespace. */
const apartEverywhere = (index: number): Pod => {
  const everywhere = {
    ...term('app-0', hostname),
    namespaceSelector: { matchLabels: { team: 'bench' } },
  }
  const required = { requiredDuringSchedulingIgnoredDuringExecution: [everywhere] }
  const namespace = namespaces[index % namespaces.length] ?? ''
  return podOf('app-0', { namespace, affinity: { podAntiAffinity: required } })
}

const near = (name: string): Pod => {
  const required = { requiredDuringSchedulingIgnoredDuringExecution: [term(name, zone)] }
  return podOf(name, { affinity: { podAffinity: required } })
}

const ratherNear = (name: string): Pod => {
  const preferred = (key: string) => ({
    preferredDuringSchedulingIgnoredDuringExecution: [
      { weight: 50, podAffinityTerm: term(name, key) },
    ],
  })
  const affinity = { podAffinity: preferred(zone), podAntiAffinity: preferred(hostname) }
  return podOf(name, { affinity })
}

/** As a DaemonSet's pods are: each for one node, by its name. */
const onNode = (index: number): Pod => {
  const isIt = { key: 'metadata.name', operator: 'In', values: [nodeName(index)] }
  const nodeSelectorTerms = [{ matchFields: [isIt] }]
  const required = { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms } }
  return podOf('daemon', { affinity: { nodeAffinity: required } })
}

/** Eight pods fill a node; one of them makes way for each that comes. */
const large = { requests: { cpu: '4' } }
const fill = (node: number): Pod[] =>
  Array.from({ length: 8 }, () => podOf('low', { ...large, nodeName: nodeName(node) }))

export const workloads: readonly Workload[] = [
  { what: 'basic', count: 'All', create: () => podOf('web') },
  { what: '1,000 apps with equal requests in turn', create: (index) => podOf(app(index, 1000)) },
  {
    what: '1,000 different requests in turn',
    create: (index) =>
      podOf(app(index, 1000), { requests: { ...small, cpu: `${100 + (index % 1000)}m` } }),
  },
  { what: 'daemon-like node affinity', count: 'EachNode', create: onNode },
  ...[10, 1000].map((apps) => ({
    what: `hard spread, zone and hostname, ${apps} apps`,
    create: (index: number) => spread(app(index, apps)),
  })),
  ...[1, 1000].map((apps) => ({
    what: `required anti-affinity, hostname, ${apps} apps`,
    count: 'EachNode' as const,
    create: (index: number) => apart(app(index, apps)),
  })),
  {
    what: 'required anti-affinity, hostname, by namespace selector over 100 namespaces',
    ...{ count: 'EachNode' as const, namespaces, create: apartEverywhere },
  },
  ...[10, 1000].map((apps) => ({
    what: `required affinity, zone, ${apps} apps`,
    create: (index: number) => near(app(index, apps)),
  })),
  ...[10, 1000].map((apps) => ({
    what: `preferred affinity, zone, and anti-affinity, hostname, ${apps} apps`,
    create: (index: number) => ratherNear(app(index, apps)),
  })),
  {
    what: 'preemption: one of eight makes way',
    count: 'EachNode',
    create: () => podOf('high', { ...large, priority: 1000 }),
    standing: fill,
  },
  { what: 'fits nowhere', create: () => podOf('web', { requests: { cpu: '100' } }) },
]
