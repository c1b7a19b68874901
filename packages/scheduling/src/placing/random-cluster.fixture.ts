import type { Node, Pod, ReplicaSet, Service } from '@reckon/kubernetes'
import type { Random } from '@reckon/kubernetes/random'

const zoneKey = 'topology.kubernetes.io/zone'
const hostKey = 'kubernetes.io/hostname'
const topologyKeys = [zoneKey, hostKey, 'rack'] as const
const apps = ['web', 'db', 'cache'] as const
export const namespaceNames = ['red', 'blue'] as const

export function randomNode(random: Random, name: string): Node {
  const labels: Record<string, string> = {}
  if (random.chance(0.85)) labels[zoneKey] = random.of(['z1', 'z2', 'z3'])
  if (random.chance(0.92)) labels[hostKey] = random.chance(0.95) ? name : 'shared'
  if (random.chance(0.6)) labels.rack = `r${random.below(4)}`
  if (random.chance(0.5)) labels.disk = random.of(['ssd', 'hdd'])
  const effects = ['NoSchedule', 'PreferNoSchedule', 'NoExecute']
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name, labels },
    spec: {
      ...(random.chance(0.1) && { unschedulable: true }),
      ...(random.chance(0.25) && {
        taints: [{ key: 'team', value: 'x', effect: random.of(effects) }],
      }),
    },
    status: {
      allocatable: {
        cpu: random.of(['1', '2', '4']),
        memory: random.of(['1Gi', '4Gi']),
        pods: random.of(['3', '8', '110']),
        ...(random.chance(0.2) && { 'example.com/gpu': '2' }),
      },
      conditions: [{ type: 'Ready', status: random.chance(0.92) ? 'True' : 'Unknown' }],
      ...(random.chance(0.3) && {
        images: [{ names: ['web:1'], sizeBytes: 300_000_000 + random.below(9) * 100_000_000 }],
      }),
    },
  }
}

/** A pod that was not placed yet. */
export function randomPod(random: Random, name: string): Pod {
  const app = random.of(apps)
  const requests = {
    ...(random.chance(0.8) && { cpu: random.of(['100m', '250m', '1']) }),
    ...(random.chance(0.6) && { memory: random.of(['64Mi', '512Mi']) }),
    ...(random.chance(0.07) && { 'example.com/gpu': '1' }),
  }
  const owner = { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: app, uid: app, controller: true }
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      namespace: random.of(namespaceNames),
      uid: `uid-${name}`,
      labels: { app, ...(random.chance(0.3) && { tier: random.of(['a', 'b']) }) },
      ...(random.chance(0.4) && { ownerReferences: [owner] }),
    },
    spec: {
      containers: [
        {
          name: 'c',
          image: random.of(['web:1', 'other']),
          resources: { requests },
          ...(random.chance(0.1) && {
            ports: [{ containerPort: 80, hostPort: 80 + random.below(2) }],
          }),
        },
      ],
      ...(random.chance(0.3) && { tolerations: [{ key: 'team', operator: 'Exists' }] }),
      ...(random.chance(0.15) && { nodeSelector: { disk: 'ssd' } }),
      ...(random.chance(0.35) && { topologySpreadConstraints: spread(random) }),
      ...(random.chance(0.45) && { affinity: affinity(random) }),
    },
  }
}

function spread(random: Random): NonNullable<Pod['spec']['topologySpreadConstraints']> {
  return Array.from({ length: 1 + random.below(2) }, () => {
    const whenUnsatisfiable = random.of(['DoNotSchedule', 'ScheduleAnyway'])
    return {
      maxSkew: 1 + random.below(2),
      topologyKey: random.of(topologyKeys),
      whenUnsatisfiable,
      labelSelector: selector(random),
      ...(random.chance(0.2) && { matchLabelKeys: ['tier'] }),
      ...(random.chance(0.2) && whenUnsatisfiable === 'DoNotSchedule' && { minDomains: 3 }),
      ...(random.chance(0.15) && { nodeAffinityPolicy: 'Ignore' }),
      ...(random.chance(0.15) && { nodeTaintsPolicy: 'Honor' }),
    }
  })
}

const selector = (random: Random) =>
  random.chance(0.8)
    ? { matchLabels: { app: random.of(apps) } }
    : { matchExpressions: [{ key: 'tier', operator: 'Exists' }] }

const term = (random: Random) => ({
  topologyKey: random.of(topologyKeys),
  labelSelector: selector(random),
  ...(random.chance(0.2) && { namespaces: [random.of(namespaceNames)] }),
  ...(random.chance(0.25) && {
    namespaceSelector: random.chance(0.5) ? {} : { matchLabels: { team: 'a' } },
  }),
})

function affinity(random: Random): NonNullable<Pod['spec']['affinity']> {
  const some = (chance: number) => (random.chance(chance) ? [term(random)] : [])
  const weighted = (chance: number) =>
    some(chance).map((podAffinityTerm) => ({ weight: 1 + random.below(100), podAffinityTerm }))
  const preference = {
    matchExpressions: [{ key: 'disk', operator: 'In', values: ['ssd'] }],
  }
  return {
    podAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: [...some(0.25), ...some(0.1)],
      preferredDuringSchedulingIgnoredDuringExecution: [...weighted(0.3), ...weighted(0.1)],
    },
    podAntiAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: some(0.25),
      preferredDuringSchedulingIgnoredDuringExecution: weighted(0.3),
    },
    ...(random.chance(0.3) && {
      nodeAffinity: {
        preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 10, preference }],
      },
    }),
  }
}

export const service = (namespace: string, app: string): Service => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: app, namespace },
  spec: { selector: { app } },
})

export const replicaSet = (namespace: string, name: string): ReplicaSet => ({
  apiVersion: 'apps/v1',
  kind: 'ReplicaSet',
  metadata: { name, namespace },
  spec: { selector: { matchLabels: { app: name } } },
})
