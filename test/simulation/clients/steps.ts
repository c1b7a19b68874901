import type { Deployment, KubernetesObject } from '@reckon/kubernetes'
import type { Random } from '../random.ts'
import { withAutoscaling } from './autoscaling-steps.ts'
import type { Client } from './client.ts'
import { apps, type Drawn, drawn } from './drawn.ts'
import { Hands } from './hands.ts'
import { listPages } from './list-pages.ts'
import {
  configMapOf,
  cronJobOf,
  daemonSetOf,
  deploymentOf,
  jobOf,
  namespaceNamed,
  podOf,
  quotaOf,
  replicationControllerOf,
  secretOf,
  serviceOf,
  statefulSetOf,
} from './manifests.ts'
import type { ClientPorts } from './simulated-client.ts'
import { withStorage } from './storage-steps.ts'
import { watch } from './watcher.ts'

const clusterIPs = ['10.96.0.5', '10.96.0.6']
const nodePorts = [30001, 30002]

export type Step = { weight: number; act(): Promise<unknown> }
type About = Drawn & { hands: Hands; random: Random }

/** Topics that a run may concentrate on, so that rare combinations occur. */
export const themes = ['storage', 'autoscaling', 'jobs', 'quota', 'nodes'] as const
export type Theme = (typeof themes)[number]
const emphasis = 6

/** The next steps of this client, drawn by the seed. */
export function stepsOf(ports: ClientPorts, client: Client, theme?: Theme): readonly Step[] {
  const { random } = ports.world
  const about = { ...drawn(ports.world), hands: new Hands(client, random), random }
  const themed: Record<Theme, readonly Step[]> = {
    storage: withStorage(about),
    autoscaling: withAutoscaling(about),
    jobs: withJobs(about),
    quota: withQuota(about),
    nodes: withNodes(about),
  }
  return [
    ...withNamespaces(about),
    ...withDeployments(about),
    ...withSets(about),
    ...withServices(about),
    ...withPods(about),
    ...withConfigMaps(about),
    ...withSecrets(about),
    ...themes.flatMap((each) => (each === theme ? themed[each].map(emphasized) : themed[each])),
    ...reads(about, client),
    { weight: 3, act: async () => void startWatching(ports, client, about) },
  ]
}

const emphasized = ({ weight, act }: Step): Step => ({ weight: weight * emphasis, act })

const withNamespaces = ({ hands, home, namespace }: About): Step[] => [
  { weight: 7, act: () => hands.create(home, namespaceNamed(namespace)) },
  { weight: namespace === 'default' ? 0 : 1, act: () => hands.delete(home) },
]

function withDeployments({ hands, deployment, some, ...of }: About): Step[] {
  const { cpu, zone, priorityClassName, replicas, image } = of
  const complete = deploymentOf(deployment, { cpu, zone, priorityClassName, replicas })
  return [
    { weight: 8, act: () => hands.create(deployment, complete) },
    { weight: 4, act: () => hands.patch(some(deployment), { spec: { replicas } }) },
    { weight: 4, act: () => hands.replace(some(deployment), withImage(image)) },
    { weight: 3, act: () => hands.patch(some(deployment), imagePatch(image)) },
    { weight: 3, act: () => hands.scale(some(deployment), replicas) },
    { weight: 3, act: () => hands.delete(some(deployment)) },
    { weight: 1, act: () => hands.status(some(deployment), { readyReplicas: 99 }) },
  ]
}

/** Policies of Jobs for failures and successes, with and without indexes. */
const indexedPolicies = [
  { successPolicy: { rules: [{ succeededIndexes: '0', succeededCount: 1 }] } },
  { backoffLimitPerIndex: 1 },
]
const anyPolicies = [
  { podReplacementPolicy: 'Failed' },
  {
    podFailurePolicy: {
      rules: [{ action: 'Ignore', onExitCodes: { operator: 'In', values: [1] } }],
    },
  },
]

function withSets({ hands, statefulSet, daemonSet, some, random, ...of }: About): Step[] {
  const { cpu, zone, replicas, image } = of
  const isParallel = random.chance(0.3)
  const complete = statefulSetOf(statefulSet, { cpu, zone, replicas, isParallel })
  return [
    { weight: 2, act: () => hands.create(statefulSet, complete) },
    { weight: 1.5, act: () => hands.patch(some(statefulSet), { spec: { replicas } }) },
    { weight: 1.5, act: () => hands.patch(some(statefulSet), imagePatch(image)) },
    { weight: 1, act: () => hands.delete(some(statefulSet)) },
    {
      weight: 1,
      act: () => hands.create(daemonSet, daemonSetOf(daemonSet, { cpu: '100m', zone })),
    },
    { weight: 1, act: () => hands.patch(some(daemonSet), imagePatch(image)) },
    { weight: 1, act: () => hands.delete(some(daemonSet)) },
    {
      weight: 1,
      act: () => {
        const complete = replicationControllerOf(of.controller, { cpu, zone, replicas })
        return hands.create(of.controller, complete)
      },
    },
    { weight: 1, act: () => hands.scale(some(of.controller), replicas) },
    { weight: 0.5, act: () => hands.delete(some(of.controller)) },
  ]
}

const withJobs = ({ hands, job, cronJob, some, random, cpu, replicas }: About): Step[] => [
  {
    weight: 2,
    act: () => {
      const isIndexed = random.chance(0.5)
      const policies = random.chance(0.5)
        ? random.pick(isIndexed ? [...indexedPolicies, ...anyPolicies] : anyPolicies)
        : {}
      const parameters = { cpu, completions: 1 + replicas, isIndexed, policies }
      return hands.create(job, jobOf(job, parameters))
    },
  },
  { weight: 1, act: () => hands.delete(some(job)) },
  {
    weight: 1,
    act: () => {
      const concurrencyPolicy = random.pick(['Allow', 'Forbid', 'Replace']) ?? 'Allow'
      return hands.create(cronJob, cronJobOf(cronJob, { cpu, concurrencyPolicy }))
    },
  },
  { weight: 0.5, act: () => hands.delete(some(cronJob)) },
]

const withServices = ({ hands, service, some, app, random }: About): Step[] => [
  {
    weight: 6,
    act: () => {
      const maybe = <T>(values: readonly T[]) =>
        random.chance(0.5) ? random.pick(values) : undefined
      const parameters = { app, clusterIP: maybe(clusterIPs), nodePort: maybe(nodePorts) }
      const object = serviceOf(service, parameters)
      const isFree = parameters.clusterIP === undefined && parameters.nodePort === undefined
      return isFree ? hands.create(service, object) : hands.createPlainly(service, object)
    },
  },
  { weight: 2, act: () => hands.changeType(some(service)) },
  { weight: 2, act: () => hands.patch(some(service)) },
  { weight: 3, act: () => hands.delete(some(service)) },
]

const withPods = ({ hands, single, fixed, some, ...of }: About): Step[] => [
  {
    weight: 3,
    act: () => {
      const secret = of.random.chance(0.5) ? of.secret.name : undefined
      const { cpu, zone, priorityClassName } = of
      const parameters = { cpu, zone, priorityClassName, configMap: of.configMap.name, secret }
      return hands.create(single, podOf(single, parameters))
    },
  },
  { weight: 2, act: () => hands.patch(some(single)) },
  { weight: 2, act: () => hands.delete(some(single)) },
  {
    weight: 2,
    act: () => hands.create(fixed, podOf(fixed, { cpu: of.cpu, nodeName: of.node.name })),
  },
]

function withConfigMaps({ hands, configMap, some, cpu, namespace }: About): Step[] {
  const data = { value: cpu }
  const unnamed = configMapOf({ namespace, name: '' }, cpu)
  return [
    { weight: 3, act: () => hands.create(configMap, configMapOf(configMap, cpu)) },
    { weight: 2, act: () => hands.create({ ...configMap, name: 'drawn-' }, unnamed) },
    { weight: 4, act: () => hands.patch(some(configMap), { data }) },
    {
      weight: 3,
      act: () => hands.replace(some(configMap), (object) => ({ ...object, data })),
    },
    { weight: 2, act: () => hands.delete(some(configMap)) },
    { weight: 1, act: () => hands.deleteAll('configmaps', namespace) },
  ]
}

const withSecrets = ({ hands, secret, some, cpu }: About): Step[] => [
  { weight: 2, act: () => hands.create(secret, secretOf(secret, cpu)) },
  { weight: 2, act: () => hands.patch(some(secret), { stringData: { value: cpu } }) },
  { weight: 1, act: () => hands.delete(some(secret)) },
]

/** In a namespace of its own, where a quota allows two of them altogether. */
function withQuota({ hands, random }: About): Step[] {
  const namespace = 'bounded'
  const home = { resource: 'namespaces', namespace: '', name: namespace }
  const quota = { resource: 'resourcequotas', namespace, name: 'few' }
  const counted = { resource: 'services', namespace, name: `counted-${random.below(6)}` }
  return [
    { weight: 1, act: () => hands.createPlainly(home, namespaceNamed(namespace)) },
    {
      weight: 1,
      act: () => hands.createPlainly(quota, quotaOf(quota, { services: '2' })),
    },
    {
      weight: 4,
      act: () => hands.createPlainly(counted, serviceOf(counted, { app: 'none' })),
    },
    { weight: 2, act: () => hands.delete(counted) },
  ]
}

const withNodes = ({ hands, node, zone, random }: About): Step[] => [
  { weight: 2, act: () => hands.patch(node, { metadata: { labels: { zone: zone ?? null } } }) },
  { weight: 2, act: () => hands.patch(node, { spec: { unschedulable: random.chance(0.5) } }) },
  { weight: 0.5, act: () => hands.delete(node) },
]

function reads(about: About, client: Client): Step[] {
  const { hands, random, some, deployment, service, single, configMap, home } = about
  const any = () => random.pick([deployment, service, single, configMap, home]) ?? home
  return [
    { weight: 4, act: () => hands.get(some(any())) },
    { weight: 4, act: () => listPages(client, random, scopeOf(about)) },
  ]
}

/** Continues concurrently with the client's next steps. */
function startWatching(ports: ClientPorts, client: Client, about: About): Promise<void> {
  const { random, history } = ports.world
  const since = random.chance(0.4)
    ? 'Initial'
    : (oldVersion(random, client) ?? history.position ?? 'Initial')
  const name = `${client.name}-watching-${client.nextToken()}`
  return watch(ports, name, { scope: scopeOf(about), since })
}

const scopeOf = ({ random, listed, namespace }: About) => ({
  resource: listed,
  ...(random.chance(0.6) && !['nodes', 'namespaces'].includes(listed) && { namespace }),
  ...(random.chance(0.2) && { labels: { app: random.pick(apps) ?? '' } }),
})

/** A version that the client has seen before. */
function oldVersion(random: Random, client: Client): bigint | undefined {
  const version = random.pick([...client.seen.values()])?.metadata.resourceVersion
  return version === undefined ? undefined : BigInt(version)
}

const withImage = (image: string) => (object: KubernetesObject) => {
  const { spec } = object as Deployment
  const containers = spec.template.spec?.containers.map((each) => ({ ...each, image }))
  const template = { ...spec.template, spec: { ...spec.template.spec, containers } }
  return { ...object, spec: { ...spec, template } }
}

const imagePatch = (image: string) => ({
  spec: { template: { spec: { containers: [{ name: 'main', image }] } } },
})
