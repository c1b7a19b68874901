import { clusterStream, defaultSettings, Objects, type Origin, streamOf } from '@reckon/domain'
import type { Clock, Ids, RecordedEvent, Vault } from '@reckon/eventing'
import { createMemoryEventLog } from '@reckon/eventing/memory'
import { type KubernetesObject, resourceNamed } from '@reckon/kubernetes'
import { createObject } from './create-object.ts'
import { WriterView } from './writer-view.ts'

export const byAda: Origin = { actor: { user: 'ada' }, verb: 'test' }

/** A founded cluster over the memory log, with the namespace default. `catchUp` brings its view to the head. */
export async function foundedCluster(vault?: Vault) {
  const log = createMemoryEventLog()
  const objects = new Objects(vault)
  let [drawn, nowMs] = [0, Date.UTC(2026, 10, 21)]
  const advance = (ms: number) => {
    nowMs += ms
  }
  const clock: Clock = { now: () => nowMs, sleep: async (ms) => advance(ms) }
  const ids: Ids = { next: () => uuid(++drawn), below: (limit) => ++drawn % limit }
  const catchUp = async () => {
    for await (const event of log.readAll({ after: objects.position })) objects.apply(event)
  }
  const reader = { waitForHead: () => catchUp().then(() => true) }
  const ports = { log, clock, ids, known: new WriterView(objects), reader }
  const metadata = { actor: { user: 'api' }, verb: 'found', time: '', $correlationId: 'found' }
  const data = { cluster: 'test', settings: defaultSettings }
  const founded = { id: ids.next(), type: 'ClusterFounded', data, metadata }
  await log.append(clusterStream, 'NoStream', [founded])
  await catchUp()
  const create = async (id: string, object: KubernetesObject) =>
    (await createObject(ports, { resource: resourceNamed(id), object, origin: byAda })).stored
  await create('namespaces', {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name: 'default' },
  })
  await catchUp()
  const eventsOf = async (id: string, name: string): Promise<RecordedEvent[]> => {
    const resource = resourceNamed(id)
    const namespace = resource.namespaced ? 'default' : ''
    return Array.fromAsync(log.readStream(streamOf(resource, namespace, name)))
  }
  return { ...ports, ports, objects, catchUp, create, eventsOf }
}

const uuid = (n: number): string => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`

export const configMap = (name: string, data = {}): KubernetesObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, namespace: 'default' },
  data,
})

export const secret = (name: string, stringData: Record<string, string>): KubernetesObject => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name, namespace: 'default' },
  stringData,
})

export const pod = (name: string): KubernetesObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace: 'default' },
  spec: { containers: [{ name: 'c', image: 'busybox' }] },
})

export const service = (name: string, spec = {}): KubernetesObject => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name, namespace: 'default' },
  spec: { ports: [{ port: 80 }], ...spec },
})
