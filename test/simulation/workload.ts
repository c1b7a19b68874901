import type { Deployment, KubernetesObject, Node, Pod, Service } from '@reckon/kubernetes'
import type { Client, Target } from './client.ts'
import { configMapOf, deploymentOf, namespaceNamed, podOf, serviceOf } from './manifests.ts'
import type { World } from './world.ts'

const namespaces = ['default', 'default', 'team-a', 'team-b']
const apps = ['web', 'api', 'store']
const cpus = ['100m', '250m', '600m', '1100m']
const zones = ['east', 'west']
const clusterIPs = ['10.96.0.5', '10.96.0.6']
const nodePorts = [30001, 30002]
const pauseMsMax = 400

type Step = { weight: number; act(): void }

/** People at work: what they create, change and delete, as the seed draws it. Names are few, so that they come again. */
export class Workload {
  readonly #world: World
  readonly #client: Client
  #isOver = false

  constructor(world: World, client: Client) {
    this.#world = world
    this.#client = client
  }

  start(): void {
    const { timeline, random } = this.#world
    const next = () => {
      if (this.#isOver) return
      this.#step()
      timeline.after(random.between(0, pauseMsMax), next)
    }
    next()
  }

  stop(): void {
    this.#isOver = true
  }

  /** What pods name and nobody has made yet, so that each of them can start. */
  makeMissing(): void {
    const { objects } = this.#world.history
    for (const { object } of objects.list<Pod>('pods')) {
      const { namespace = '' } = object.metadata
      const home = objects.get('namespaces', '', namespace)?.object
      const name = object.spec.containers[0]?.envFrom?.[0]?.configMapRef?.name
      if (!name || home?.metadata.deletionTimestamp !== undefined) continue
      if (objects.get('configmaps', namespace, name) !== undefined) continue
      this.#client.create('configmaps', configMapOf({ namespace, name }, 'late'))
      return
    }
  }

  #step(): void {
    const { random } = this.#world
    const steps = this.#steps()
    let drawn = random.next() * steps.reduce((sum, { weight }) => sum + weight, 0)
    for (const { weight, act } of steps) {
      drawn -= weight
      if (drawn < 0) {
        act()
        return
      }
    }
  }

  #steps(): readonly Step[] {
    const { random } = this.#world
    const client = this.#client
    const namespace = random.pick(namespaces) ?? ''
    const name = random.pick(apps) ?? ''
    const named = { namespace, name }
    const cpu = random.pick(cpus) ?? ''
    const zone = random.chance(0.2) ? random.pick(zones) : undefined
    const policy = random.pick(['Background', 'Background', 'Foreground', 'Orphan'] as const)
    const replicas = random.below(5)
    const maybe = <T>(values: readonly T[]) =>
      random.chance(0.5) ? random.pick(values) : undefined
    const deployment: Target = { id: 'deployments.apps', ...named }
    const service: Target = { id: 'services', ...named }
    const single: Target = { id: 'pods', namespace, name: `single-${name}` }
    const fixed = { namespace, name: `fixed-${name}` }
    const configMap: Target = { id: 'configmaps', namespace, name: `settings-${name}` }
    const node: Target = { id: 'nodes', namespace: '', name: `node-${1 + random.below(4)}` }
    const wish = { app: name, clusterIP: maybe(clusterIPs), nodePort: maybe(nodePorts) }
    return [
      { weight: 7, act: () => client.create('namespaces', namespaceNamed(namespace)) },
      {
        weight: namespace === 'default' ? 0 : 1,
        act: () =>
          client.delete({ id: 'namespaces', namespace: '', name: namespace }, 'Background'),
      },
      {
        weight: 8,
        act: () => client.create('deployments.apps', deploymentOf(named, { cpu, zone, replicas })),
      },
      { weight: 6, act: () => client.change(deployment, scaledTo(replicas)) },
      { weight: 4, act: () => client.change(deployment, withImage(`image:${random.below(5)}`)) },
      { weight: 3, act: () => client.delete(deployment, policy ?? 'Background') },
      { weight: 6, act: () => client.create('services', serviceOf(named, wish)) },
      { weight: 2, act: () => client.change(service, ofOtherType) },
      { weight: 3, act: () => client.delete(service, 'Background') },
      {
        weight: 3,
        act: () =>
          client.create('pods', podOf({ ...single }, { cpu, zone, configMap: configMap.name })),
      },
      { weight: 2, act: () => client.delete(single, 'Background') },
      {
        weight: 2,
        act: () => client.create('pods', podOf(fixed, { cpu, nodeName: node.name })),
      },
      { weight: 2, act: () => client.create('configmaps', configMapOf(configMap, cpu)) },
      { weight: 1, act: () => client.change(configMap, withValue(cpu)) },
      { weight: 1, act: () => client.delete(configMap, 'Background') },
      { weight: 2, act: () => client.change(node, inZone(random.pick(zones))) },
      { weight: 2, act: () => client.change(node, cordoned(random.chance(0.5))) },
      { weight: 4, act: () => client.readNewest() },
    ]
  }
}

type Change = (current: KubernetesObject) => KubernetesObject

const scaledTo =
  (replicas: number): Change =>
  (current) => ({ ...current, spec: { ...(current as Deployment).spec, replicas } })

const withImage =
  (image: string): Change =>
  (current) => {
    const { spec } = current as Deployment
    const containers = spec.template.spec?.containers.map((each) => ({ ...each, image }))
    const template = { ...spec.template, spec: { ...spec.template.spec, containers } }
    return { ...current, spec: { ...spec, template } }
  }

const ofOtherType: Change = (current) => {
  const { spec } = current as Service
  const type = spec.type === 'NodePort' ? 'ClusterIP' : 'NodePort'
  return { ...current, spec: { ...spec, type } }
}

const withValue =
  (value: string): Change =>
  (current) => ({ ...current, data: { value } })

const inZone =
  (zone: string | undefined): Change =>
  (current) => {
    const { zone: _, ...labels } = current.metadata.labels ?? {}
    return {
      ...current,
      metadata: { ...current.metadata, labels: { ...labels, ...(zone && { zone }) } },
    }
  }

const cordoned =
  (unschedulable: boolean): Change =>
  (current) => {
    const { unschedulable: _, ...spec } = (current as Node).spec
    return { ...current, spec: { ...spec, ...(unschedulable && { unschedulable }) } }
  }
