import type { TestContext } from 'node:test'
import { clusterStream, defaultSettings, Objects, type Origin } from '@reckon/domain'
import type { EventLog, Reader } from '@reckon/eventing'
import { createMemoryBus, createMemoryEventLog } from '@reckon/eventing/memory'
import {
  type KubernetesObject,
  type Node,
  type PersistentVolumeClaim,
  persistentVolumeClaims,
  pods,
  ResourceTable,
  resourceNamed,
  selectedNodeOf,
  storageAnnotations,
} from '@reckon/kubernetes'
import { systemClock, systemIds } from '@reckon/process'
import { fedResources, RecordedPolicies } from '@reckon/scheduling'
import {
  bindPod,
  changeObject,
  createObject,
  deleteObject,
  registerNode,
  reportPodGone,
  WriterView,
} from '@reckon/writing'

export const byAda: Origin = { actor: { user: 'ada' }, verb: 'create' }

/** A founded cluster over the memory log. The scheduler's own appends go through `append`, which a test may replace. */
export async function startedCluster(t: TestContext) {
  const stop = new AbortController()
  const log = createMemoryEventLog()
  const objects = new Objects()
  // As the scheduler has it: only of the kinds that placements depend on.
  const fed = new Objects(undefined, new ResourceTable(fedResources))
  const policies = new RecordedPolicies()
  const view = followed(log, [fed, objects, policies], stop.signal)
  const { reader } = view
  const clients = {
    log,
    clock: systemClock,
    ids: systemIds,
    known: new WriterView(objects),
    reader,
  }
  const faults = { append: log.append.bind(log) }
  const faulty: EventLog = { ...log, append: (...given) => faults.append(...given) }
  const known = new WriterView(fed)
  const ports = { ...clients, known, log: faulty, objects: fed, policies, bus: createMemoryBus() }
  const running: Promise<void>[] = []
  t.after(async () => {
    stop.abort()
    await Promise.all(running)
  })
  const metadata = { actor: { user: 'api' }, verb: 'found', time: '', $correlationId: 'found' }
  const data = { cluster: 'test', settings: defaultSettings }
  const founded = { id: systemIds.next(), type: 'ClusterFounded', data, metadata }
  await log.append(clusterStream, 'NoStream', [founded])
  const create = async (object: KubernetesObject, id: string) => {
    const resource = resourceNamed(id)
    const { stored } = await createObject(clients, { resource, object, origin: byAda })
    await view.reader.waitForHead(1000)
    return stored
  }
  await view.reader.waitForHead(1000)
  const uidOf = (name: string) => objects.get(pods, 'default', name)?.object.metadata.uid ?? ''
  const causeOf = (name: string) => {
    const cause = objects.get(pods, 'default', name)?.last
    if (cause === undefined) throw new Error(`there is no ${name}`)
    return cause
  }
  await create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'default' } }, 'namespaces')
  return {
    ports,
    faults,
    view,
    log,
    start: (run: (signal: AbortSignal) => Promise<void>) => running.push(run(stop.signal)),
    pod: (name: string, cpu = '100m', spec: object = {}) => create(podOf(name, cpu, spec), 'pods'),
    priorityClass: (name: string, value: number) =>
      create(
        { apiVersion: 'scheduling.k8s.io/v1', kind: 'PriorityClass', metadata: { name }, value },
        'priorityclasses.scheduling.k8s.io',
      ),
    /** One whose claims wait for their first consumer. */
    storageClass: (name: string, provisioner: string) =>
      create(
        {
          apiVersion: 'storage.k8s.io/v1',
          kind: 'StorageClass',
          metadata: { name },
          ...{ provisioner, volumeBindingMode: 'WaitForFirstConsumer' },
        },
        'storageclasses.storage.k8s.io',
      ),
    claim: (name: string, storageClassName: string, accessMode = 'ReadWriteOnce') =>
      create(claimOf(name, storageClassName, accessMode), 'persistentvolumeclaims'),
    /** On one node only, if that is named. */
    volume: (name: string, node?: string) => create(volumeOf(name, node), 'persistentvolumes'),
    /** As the controller of volumes does, once there is one. */
    bindClaim: (name: string, volumeName: string) =>
      changeObject(clients, {
        target: { resource: persistentVolumeClaims, namespace: 'default', name },
        change: (claim) => boundTo(volumeName, claim),
        origin: byAda,
      }),
    selectedNode: (name: string) => {
      const claim = objects.get(persistentVolumeClaims, 'default', name)?.object
      return claim && selectedNodeOf(claim)
    },
    /** As `kubectl delete --force` does. */
    remove: (name: string) =>
      deleteObject(clients, {
        target: { resource: pods, namespace: 'default', name },
        gracePeriodSeconds: 0,
        origin: byAda,
      }),
    /** As its agent says: its containers are gone. */
    gone: (name: string) =>
      reportPodGone(clients, {
        report: {
          type: 'PodGone',
          namespace: 'default',
          name,
          uid: uidOf(name),
          cause: causeOf(name),
        },
        origin: byAda,
      }),
    label: (name: string, labels: Record<string, string>) =>
      changeObject(clients, {
        target: { resource: pods, namespace: 'default', name },
        change: (pod) => ({ ...pod, metadata: { ...pod.metadata, labels } }),
        origin: byAda,
      }),
    object: (name: string) => objects.get(pods, 'default', name)?.object,
    node: (name: string, cpu = '4', labels: Record<string, string> = {}) =>
      registerNode(clients, {
        report: { type: 'Node', node: nodeOf(name, cpu, labels), bootId: 'boot', number: 1 },
        origin: byAda,
      }),
    bindElsewhere: (name: string, node: string) =>
      bindPod(clients, {
        pod: { namespace: 'default', name },
        nodeName: node,
        origin: byAda,
      }),
    nodeOfPod: (name: string) => objects.get(pods, 'default', name)?.object.spec.nodeName,
    events: (type: string) =>
      Array.fromAsync(log.readAll()).then((all) => all.filter((event) => event.type === type)),
    /** Resolves when the condition holds; asked again after each event, once the view has it. */
    until: async (what: string, condition: () => boolean | Promise<boolean>) => {
      const late = AbortSignal.timeout(30_000)
      for await (const next of log.follow(undefined, AbortSignal.any([late, stop.signal]))) {
        if ('id' in next && !view.isHeld()) await view.reader.waitFor(next.position, 1000)
        if (await condition()) return
      }
      throw new Error(`waited in vain until ${what}`)
    },
  }
}

/** The view of one process, straight from the log; `hold` keeps it where it is until `release`. */
function followed(
  log: EventLog,
  [fed, objects, policies]: [Objects, Objects, RecordedPolicies],
  signal: AbortSignal,
) {
  const waiting = new Set<() => void>()
  let gate = Promise.resolve()
  let open: (() => void) | undefined
  const run = async () => {
    for await (const event of log.follow(undefined, signal)) {
      await gate
      if ('id' in event) for (const each of [policies, fed, objects]) each.apply(event)
      for (const check of waiting) check()
    }
  }
  // One listener for all that wait: thousands of them are looked through for each that is added.
  signal.addEventListener('abort', () => waiting.forEach((check) => void check()), { once: true })
  const waitFor = (position: bigint) =>
    new Promise<boolean>((resolve) => {
      const check = () => {
        if (!signal.aborted && (objects.position ?? 0n) < position) return
        waiting.delete(check)
        resolve(!signal.aborted)
      }
      waiting.add(check)
      check()
    })
  const reader: Reader = {
    get position() {
      return objects.position
    },
    get head() {
      return objects.position
    },
    lagMs: 0,
    subscribe: () => () => {},
    ready: Promise.resolve(),
    waitFor,
    waitForHead: async () => waitFor((await log.head()) ?? 0n),
    run,
  }
  void run()
  return {
    reader,
    isHeld: () => open !== undefined,
    hold: () => {
      gate = new Promise((resolve) => {
        open = resolve
      })
    },
    release: () => {
      open?.()
      open = undefined
    },
  }
}

const podOf = (name: string, cpu: string, spec: object): KubernetesObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace: 'default' },
  spec: { containers: [{ name: 'c', image: 'c', resources: { requests: { cpu } } }], ...spec },
})

const claimOf = (name: string, storageClassName: string, accessMode: string): KubernetesObject => ({
  apiVersion: 'v1',
  kind: 'PersistentVolumeClaim',
  metadata: { name, namespace: 'default' },
  spec: {
    ...{ accessModes: [accessMode], storageClassName },
    resources: { requests: { storage: '1Gi' } },
  },
})

const volumeOf = (name: string, node?: string): KubernetesObject => ({
  apiVersion: 'v1',
  kind: 'PersistentVolume',
  metadata: { name },
  spec: {
    ...{ accessModes: ['ReadWriteOncePod'], capacity: { storage: '1Gi' } },
    hostPath: { path: '/data' },
    ...(node && { nodeAffinity: { required: { nodeSelectorTerms: [named(node)] } } }),
  },
})

const named = (node: string) => ({
  matchFields: [{ key: 'metadata.name', operator: 'In', values: [node] }],
})

const boundTo = (volumeName: string, claim: PersistentVolumeClaim): PersistentVolumeClaim => ({
  ...claim,
  metadata: {
    ...claim.metadata,
    annotations: { ...claim.metadata.annotations, [storageAnnotations.bindCompleted]: 'yes' },
  },
  spec: { ...claim.spec, volumeName },
})

const nodeOf = (name: string, cpu: string, labels: Record<string, string>): Node => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name, labels },
  spec: {},
  status: {
    allocatable: { cpu, memory: '8Gi', pods: '110' },
    conditions: [{ type: 'Ready', status: 'True' }],
  },
})
