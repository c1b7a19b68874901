import type { Node, Pod } from '@reckon/kubernetes'
import { ClusterState, defaultPolicy, place, recordedOf } from '@reckon/scheduling'
import { type Benchmark, type Row, type Size, shown } from './benchmark.ts'

const counts: Record<Size, { nodes: number; pods: number }> = {
  tiny: { nodes: 100, pods: 500 },
  usual: { nodes: 5_000, pods: 10_000 },
  full: { nodes: 5_000, pods: 50_000 },
}

const zone = 'topology.kubernetes.io/zone'
const hostname = 'kubernetes.io/hostname'

export const scheduler: Benchmark = {
  name: 'scheduler',
  about:
    'Pods placed one after the other and counted, the core of the scheduler alone: no log, no HTTP; CPU of one thread. 3 zones, 32 cores, 128 GiB and 110 places on each node.',
  async run(size) {
    const { nodes, pods } = counts[size]
    const few = Math.min(pods, 10_000)
    const small = { cpu: '100m', memory: '128Mi' }
    return [
      measured('basic', { nodes, pods }, () => pod('web', small)),
      measured('basic, recorded', { nodes, pods: few, isRecorded: true }, () => pod('web', small)),
      measured('1,000 apps with equal requests in turn', { nodes, pods: few }, (index) =>
        pod(`app-${index % 1000}`, small),
      ),
      measured('1,000 different requests in turn', { nodes, pods: few }, (index) =>
        pod(`app-${index % 1000}`, { cpu: `${100 + (index % 1000)}m`, memory: '128Mi' }),
      ),
      ...[10, 1000].map((apps) =>
        measured(`hard spread, zone and hostname, ${apps} apps`, { nodes, pods: few }, (index) =>
          spread(`app-${index % apps}`),
        ),
      ),
      ...[1, 1000].map((apps) =>
        measured(
          `required anti-affinity, hostname, ${apps} apps`,
          { nodes, pods: Math.min(few, nodes) },
          (index) => apart(`app-${index % apps}`),
        ),
      ),
      measured('required affinity, zone, 10 apps', { nodes, pods: few }, (index) =>
        near(`app-${index % 10}`),
      ),
      measured('fits nowhere', { nodes, pods: few }, () => pod('web', { cpu: '100' })),
    ]
  },
}

type Options = { nodes: number; pods: number; isRecorded?: boolean }

function measured(what: string, options: Options, create: (index: number) => Pod): Row {
  const cluster = new ClusterState()
  for (let index = 0; index < options.nodes; index += 1) cluster.setNode(node(index))
  const pods = Array.from({ length: options.pods }, (_, index) => create(index))
  const began = process.threadCpuUsage()
  let placed = 0
  for (const each of pods) {
    const placement = place(each, cluster, defaultPolicy)
    if (options.isRecorded) recordedOf(placement, defaultPolicy)
    if (placement.nodeName === undefined) continue
    cluster.addPod(each, placement.nodeName)
    placed += 1
  }
  const { user, system } = process.threadCpuUsage(began)
  const cpuMicros = (user + system) / pods.length
  return {
    what,
    nodes: shown(options.nodes),
    pods: shown(pods.length),
    placed: shown(placed),
    'µs/pod': shown(cpuMicros),
    'pods/s': shown(1_000_000 / cpuMicros),
  }
}

const node = (index: number): Node => {
  const name = `node-${String(index).padStart(5, '0')}`
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name, labels: { [hostname]: name, [zone]: `zone-${index % 3}` } },
    spec: {},
    status: {
      allocatable: { cpu: '32', memory: '128Gi', pods: '110' },
      conditions: [{ type: 'Ready', status: 'True' }],
    },
  }
}

let pods = 0

function pod(app: string, requests: Record<string, string>, spec: Partial<Pod['spec']> = {}): Pod {
  pods += 1
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: `pod-${pods}`, namespace: 'default', uid: `uid-${pods}`, labels: { app } },
    spec: { containers: [{ name: 'app', image: 'app', resources: { requests } }], ...spec },
  }
}

const term = (app: string, topologyKey: string) => ({
  topologyKey,
  labelSelector: { matchLabels: { app } },
})

const spread = (app: string): Pod =>
  pod(
    app,
    { cpu: '100m' },
    {
      topologySpreadConstraints: [zone, hostname].map((key) => ({
        ...term(app, key),
        maxSkew: 1,
        whenUnsatisfiable: 'DoNotSchedule',
      })),
    },
  )

const apart = (app: string): Pod => {
  const required = { requiredDuringSchedulingIgnoredDuringExecution: [term(app, hostname)] }
  return pod(app, { cpu: '100m' }, { affinity: { podAntiAffinity: required } })
}

const near = (app: string): Pod => {
  const required = { requiredDuringSchedulingIgnoredDuringExecution: [term(app, zone)] }
  return pod(app, { cpu: '100m' }, { affinity: { podAffinity: required } })
}
