import type { TestContext } from 'node:test'
import {
  type ClusterSettings,
  clusterStream,
  defaultSettings,
  Objects,
  type Origin,
  type StoredObject,
  type WritableSubresource,
} from '@reckon/domain'
import { type Clock, createFollower, type RecordedEvent, type Vault } from '@reckon/eventing'
import { createMemoryBus, createMemoryEventLog } from '@reckon/eventing/memory'
import {
  isRefusal,
  isTerminating,
  type KubernetesObject,
  type Node,
  type Pod,
  type Resource,
  resources,
} from '@reckon/kubernetes'
import { systemClock, systemIds } from '@reckon/process'
import {
  changeObject,
  createObject,
  deleteObject,
  registerNode,
  reportPodGone,
  reportPodStatus,
  WriterView,
} from '@reckon/writing'
import { PodsEverCreated } from './ownership/pods-ever-created.ts'

type Change = (object: KubernetesObject) => KubernetesObject

export const byAda: Origin = { actor: { user: 'ada' }, verb: 'create' }
const systemNamespaces = ['default', 'kube-system']
const byAgent: Origin = { actor: { user: 'system:node:a' }, verb: 'update' }

/** A founded cluster with the namespace shop over the memory log, its views kept up until the test ends. */
export async function startedCluster(
  t: TestContext,
  {
    settings = defaultSettings,
    vault,
    clock = systemClock,
  }: { settings?: ClusterSettings; vault?: Vault; clock?: Clock } = {},
) {
  const stop = new AbortController()
  const log = createMemoryEventLog()
  const objects = new Objects(vault)
  const podsEverCreated = new PodsEverCreated()
  const wire = { log, bus: createMemoryBus(), clock }
  const reader = createFollower(wire, [objects, podsEverCreated])
  const known = new WriterView(objects)
  const ports = { ...wire, ids: systemIds, objects, known, podsEverCreated, reader }
  const running = [reader.run(stop.signal)]
  t.after(async () => {
    stop.abort()
    await Promise.all(running)
  })
  const metadata = { actor: { user: 'api' }, verb: 'found', time: '', $correlationId: 'found' }
  const data = { cluster: 'test', settings }
  const founded = { id: systemIds.next(), type: 'ClusterFounded', data, metadata }
  await log.append(clusterStream, 'NoStream', [founded])
  await reader.waitForHead(1000)

  const create = async (object: KubernetesObject) => {
    const resource = resourceOf(object.kind)
    const { stored } = await createObject(ports, { resource, object, origin: byAda })
    await reader.waitFor(stored.position, 1000)
    return stored
  }
  await create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } })

  return {
    ports,
    stop,
    create,
    /** Starts a service's loop, stopped when the test ends; what it throws fails the test. */
    start: (run: (signal: AbortSignal) => Promise<void>) => {
      running.push(run(stop.signal))
    },
    node: (name: string) =>
      registerNode(ports, {
        report: { type: 'Node', node: readyNode(name), bootId: 'boot', number: 1 },
        origin: byAgent,
      }),
    change: async (kind: string, name: string, change: Change) => {
      await changeObject(ports, { target: targetOf(kind, name), change, origin: byAda })
      await reader.waitForHead(1000)
    },
    changeBelow: async (
      subresource: WritableSubresource,
      kind: string,
      name: string,
      change: Change,
    ) => {
      const target = targetOf(kind, name)
      await changeObject(ports, { target, change, origin: byAda, subresource })
      await reader.waitForHead(1000)
    },
    remove: async (kind: string, name: string, options = {}) => {
      await deleteObject(ports, { target: targetOf(kind, name), origin: byAda, ...options })
      await reader.waitForHead(1000)
    },
    /** Without what every cluster has. */
    list: <T extends KubernetesObject>(kind: string) =>
      objects
        .list<T>(resourceOf(kind))
        .filter(({ object: { metadata } }) => !systemNamespaces.includes(metadata.namespace ?? '')),
    /** Resolves when the condition holds of the view; asked again after each event. */
    until: (what: string, condition: () => boolean) => until(objects, what, condition),
    /** An agent for every node: pods run and are ready at once, and go when they are told to. */
    agents: () => {
      let address = 1
      const act = ({ object, last }: StoredObject) => {
        const pod = object as Pod
        const { namespace = '', name, uid = '' } = pod.metadata
        const ref = { namespace, name, uid, cause: last }
        if (isTerminating(pod)) {
          const report = { type: 'PodGone', ...ref } as const
          running.push(unlessGone(reportPodGone(ports, { report, origin: byAgent })))
        } else if (pod.spec.nodeName && pod.status?.phase === 'Pending') {
          const status = runningStatus(`10.244.0.${++address}`)
          const report = { type: 'PodStatus', ...ref, boot: 1, number: 1, status } as const
          const eventId = systemIds.next()
          running.push(reportPodStatus(ports, { report, eventId, origin: byAgent }).then(() => {}))
        }
      }
      objects.subscribe(({ type, stored }) => {
        if (type !== 'DELETED' && stored.object.kind === 'Pod') act(stored)
      })
    },
    /** The agent of a running pod reports that its containers have ended. */
    end: async ({ metadata }: Pod, phase: 'Succeeded' | 'Failed') => {
      const { namespace = '', name, uid = '' } = metadata
      const cause = { id: uid, correlationId: uid }
      const status = { ...runningStatus(''), phase }
      const report = { namespace, name, uid, cause, boot: 1, number: 2, status }
      await reportPodStatus(ports, {
        report: { type: 'PodStatus', ...report },
        eventId: systemIds.next(),
        origin: byAgent,
      })
      await reader.waitForHead(1000)
    },
    events: (): Promise<RecordedEvent[]> => Array.fromAsync(log.readAll()),
  }
}

/** The built-in resource of a kind. */
export function resourceOf(kind: string): Resource {
  const resource = resources.find((each) => each.kind === kind)
  if (resource === undefined) throw new Error(`no kind is called ${kind}`)
  return resource
}

const targetOf = (kind: string, name: string) => {
  const resource = resourceOf(kind)
  return { resource, namespace: resource.namespaced ? 'shop' : '', name }
}

/** Of a pod that is no longer there nothing more is to be said. */
const unlessGone = (report: Promise<unknown>): Promise<void> =>
  report.then(
    () => {},
    (error) => {
      if (!isRefusal(error, 'NotFound')) throw error
    },
  )

async function until(objects: Objects, what: string, condition: () => boolean): Promise<void> {
  if (condition()) return
  const late = new AbortController()
  let unsubscribe = () => {}
  const holds = new Promise<'holds'>((resolve) => {
    unsubscribe = objects.subscribe(() => {
      if (condition()) resolve('holds')
    })
  })
  const outcome = await Promise.race([holds, systemClock.sleep(8000, late.signal)])
  late.abort()
  unsubscribe()
  if (outcome !== 'holds') throw new Error(`waited in vain until ${what}`)
}

const readyNode = (name: string): Node => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name },
  spec: {},
  status: {
    allocatable: { cpu: '4', memory: '8Gi', pods: '110' },
    addresses: [{ type: 'InternalIP', address: '192.0.2.1' }],
    conditions: [{ type: 'Ready', status: 'True' }],
  },
})

const runningStatus = (podIP: string) => ({
  phase: 'Running',
  podIP,
  conditions: [
    { type: 'Ready', status: 'True', lastTransitionTime: '2026-01-01T00:00:00Z' },
  ] as const as never,
})

/** A Deployment of one container with the labels that it selects. */
export const deploymentOf = (name: string, replicas: number, spec = {}): KubernetesObject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name, namespace: 'shop' },
  spec: {
    replicas,
    selector: { matchLabels: { app: name } },
    template: {
      metadata: { labels: { app: name } },
      spec: { containers: [{ name: 'app', image: 'app:1' }] },
    },
    ...spec,
  },
})
