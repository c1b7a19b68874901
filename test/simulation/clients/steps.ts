import type { Deployment, KubernetesObject } from '@reckon/kubernetes'
import type { Ref } from '../../histories/operation.ts'
import type { Random } from '../random.ts'
import type { Client } from './client.ts'
import { Hands } from './hands.ts'
import { listPages } from './list-pages.ts'
import {
  configMapOf,
  deploymentOf,
  namespaceNamed,
  podOf,
  secretOf,
  serviceOf,
} from './manifests.ts'
import type { ClientPorts } from './simulated-client.ts'
import { watch } from './watcher.ts'

const namespaces = ['default', 'default', 'team-a', 'team-b']
const apps = ['web', 'api', 'store']
const cpus = ['100m', '250m', '600m', '1100m']
const zones = ['east', 'west']
const clusterIPs = ['10.96.0.5', '10.96.0.6']
const nodePorts = [30001, 30002]
const listed = ['configmaps', 'pods', 'deployments.apps', 'services', 'nodes', 'namespaces']

export type Step = { weight: number; act(): Promise<unknown> }

/** What this client may do next, each as the seed draws it. Names are few, so that they come again. */
export function stepsOf(ports: ClientPorts, client: Client): readonly Step[] {
  const { random, history } = ports.world
  const namespace = random.pick(namespaces) ?? ''
  const app = random.pick(apps) ?? ''
  const cpu = random.pick(cpus) ?? ''
  const zone = random.chance(0.2) ? random.pick(zones) : undefined
  const replicas = random.below(5)
  const image = `image:${random.below(5)}`
  const ref = (resource: string, name: string): Ref => ({ resource, namespace, name })
  const home: Ref = { resource: 'namespaces', namespace: '', name: namespace }
  const node: Ref = { resource: 'nodes', namespace: '', name: `node-${1 + random.below(4)}` }
  /** Mostly one that is there. */
  const some = (wanted: Ref): Ref => {
    const { metadata } =
      (random.chance(0.75) && random.pick(history.objects.list(wanted.resource))?.object) || {}
    return metadata
      ? { ...wanted, namespace: metadata.namespace ?? '', name: metadata.name }
      : wanted
  }
  const deployment = ref('deployments.apps', app)
  const service = ref('services', app)
  const single = ref('pods', `single-${app}`)
  const fixed = ref('pods', `fixed-${app}`)
  const configMap = ref('configmaps', `settings-${app}`)
  const secret = ref('secrets', `password-${app}`)
  const resource = random.pick(listed) ?? ''
  const hands = new Hands(client, random)
  const createService = () => {
    const maybe = <T>(values: readonly T[]) =>
      random.chance(0.5) ? random.pick(values) : undefined
    const wish = { app, clusterIP: maybe(clusterIPs), nodePort: maybe(nodePorts) }
    const object = serviceOf(service, wish)
    const isFree = wish.clusterIP === undefined && wish.nodePort === undefined
    return isFree ? hands.create(service, object) : hands.createPlainly(service, object)
  }
  return [
    { weight: 7, act: () => hands.create(home, namespaceNamed(namespace)) },
    {
      weight: namespace === 'default' ? 0 : 1,
      act: () => hands.delete(home),
    },
    {
      weight: 8,
      act: () => hands.create(deployment, deploymentOf(deployment, { cpu, zone, replicas })),
    },
    { weight: 4, act: () => hands.patch(some(deployment), { spec: { replicas } }) },
    { weight: 4, act: () => hands.replace(some(deployment), withImage(image)) },
    { weight: 3, act: () => hands.patch(some(deployment), imagePatch(image)) },
    { weight: 3, act: () => hands.scale(some(deployment), replicas) },
    { weight: 3, act: () => hands.delete(some(deployment)) },
    { weight: 6, act: () => createService() },
    { weight: 2, act: () => hands.changeType(some(service)) },
    { weight: 2, act: () => hands.patch(some(service)) },
    { weight: 3, act: () => hands.delete(some(service)) },
    {
      weight: 3,
      act: () =>
        hands.create(
          single,
          podOf(single, {
            cpu,
            zone,
            configMap: configMap.name,
            secret: random.chance(0.5) ? secret.name : undefined,
          }),
        ),
    },
    { weight: 2, act: () => hands.patch(some(single)) },
    { weight: 2, act: () => hands.delete(some(single)) },
    { weight: 2, act: () => hands.create(fixed, podOf(fixed, { cpu, nodeName: node.name })) },
    { weight: 3, act: () => hands.create(configMap, configMapOf(configMap, cpu)) },
    {
      weight: 2,
      act: () =>
        hands.create({ ...configMap, name: 'drawn-' }, configMapOf({ namespace, name: '' }, cpu)),
    },
    { weight: 4, act: () => hands.patch(some(configMap), { data: { value: cpu } }) },
    {
      weight: 3,
      act: () => hands.replace(some(configMap), (object) => ({ ...object, data: { value: cpu } })),
    },
    { weight: 2, act: () => hands.delete(some(configMap)) },
    { weight: 1, act: () => hands.deleteAll('configmaps', namespace) },
    { weight: 2, act: () => hands.create(secret, secretOf(secret, cpu)) },
    { weight: 2, act: () => hands.patch(some(secret), { stringData: { value: cpu } }) },
    { weight: 1, act: () => hands.delete(some(secret)) },
    { weight: 2, act: () => hands.patch(node, { metadata: { labels: { zone: zone ?? null } } }) },
    { weight: 2, act: () => hands.patch(node, { spec: { unschedulable: random.chance(0.5) } }) },
    { weight: 0.5, act: () => hands.delete(node) },
    { weight: 1, act: () => hands.status(some(deployment), { readyReplicas: 99 }) },
    {
      weight: 4,
      act: () =>
        hands.get(some(random.pick([deployment, service, single, configMap, home]) ?? home)),
    },
    { weight: 4, act: () => listPages(client, random, scopeOf(random, resource, namespace)) },
    {
      weight: 3,
      act: async () => {
        const since = random.chance(0.4)
          ? 'Initial'
          : (oldVersion(random, client) ?? history.position ?? 'Initial')
        void watch(ports, `${client.name}-watching-${client.nextToken()}`, {
          scope: scopeOf(random, resource, namespace),
          since,
        })
      },
    },
  ]
}

const scopeOf = (random: Random, resource: string, namespace: string) => ({
  resource,
  ...(random.chance(0.6) && !['nodes', 'namespaces'].includes(resource) && { namespace }),
  ...(random.chance(0.2) && { labels: { app: random.pick(apps) ?? '' } }),
})

/** A version that the client was shown at some time. */
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
