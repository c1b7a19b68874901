import { encodeFrames, silent } from '@reckon/eventing/bus'
import { createMemoryClock, createMemoryHub } from '@reckon/eventing/memory'
import type { KubernetesObject, Node, Pod, PodSpec, PodStatus } from '@reckon/kubernetes'
import {
  type NodeChange,
  type NodeSettings,
  type NodeUpsert,
  type NodeWireName,
  nodeEvents,
  nodeRead,
  nodeReports,
  parseReadRequest,
  type Report,
  type ReportReply,
  sharedApplied,
  sharedEvents,
  wireOf,
} from '@reckon/node-plane'
import type { AgentConfiguration } from '../configuration.ts'
import { runAgent } from '../run-agent.ts'
import { createSimulatedDialer } from './simulated-dialer.ts'
import { createSimulatedDisk } from './simulated-disk.ts'
import { createSimulatedRuntime } from './simulated-runtime.ts'

const name = 'node-1'
const cause = { id: 'cause', correlationId: 'correlation' }
const turnsMax = 400

/** One agent on a simulated machine, and an api that tells it of objects and keeps its reports; for tests. */
export async function simulatedNode(
  options: Partial<AgentConfiguration> = {},
  { podCidr }: { podCidr?: string } = { podCidr: '10.244.1.0/24' },
) {
  const clock = createMemoryClock()
  const hub = createMemoryHub({ clock })
  const [agentBus, apiBus] = [hub.connect('agent'), hub.connect('api')]
  let numbers = 0
  const ids = { next: () => `id-${numbers++}`, below: () => 0 }
  const runtime = createSimulatedRuntime({ clock, ids }, { cpus: 4, memoryBytes: 8 * 2 ** 30 })
  const disk = createSimulatedDisk()
  const dialer = createSimulatedDialer()
  const objects = new Map<string, NodeUpsert>()
  const reports: Report[] = []
  const last: Record<NodeWireName, bigint> = { Shared: 0n, Own: 0n }
  let position = 0n
  let reads = 0
  let boot = { id: '', number: 0 }
  let stopping = new AbortController()
  let running: Promise<void> = Promise.resolve()

  const encode = (value: unknown) => new TextEncoder().encode(JSON.stringify(value))
  const keyOf = (resource: string, object: KubernetesObject) =>
    `${resource} ${object.metadata.name}`
  const publish = (change: NodeChange) => {
    const wire = wireOf(change.resource)
    position++
    const content = encode({ changes: [change] })
    const entry = { position, previous: last[wire], content }
    last[wire] = position
    const subject = wire === 'Shared' ? sharedEvents : nodeEvents(name)
    apiBus.publish(subject, encodeFrames([entry]))
  }
  const upsert = (object: KubernetesObject) => {
    const resource = resourceIds[object.kind] ?? ''
    const metadata = { ...object.metadata, resourceVersion: `${position + 1n}` }
    const change: NodeUpsert = { type: 'Upsert', resource, object: { ...object, metadata }, cause }
    objects.set(keyOf(resource, object), change)
    publish(change)
  }
  const record = (report: Report): ReportReply => {
    reports.push(report)
    if (report.type === 'Node') {
      if (report.bootId !== boot.id) boot = { id: report.bootId, number: boot.number + 1 }
      upsert({ ...report.node, spec: podCidr ? { podCIDR: podCidr } : {} })
      return { outcome: 'Recorded', boot: boot.number }
    }
    if (report.type === 'PodStatus') {
      const pod = objects.get(`pods ${report.name}`)?.object
      if (pod?.metadata.uid === report.uid) upsert({ ...pod, status: report.status })
    }
    if (report.type === 'PodGone') forget(report.name)
    return { outcome: 'Recorded' }
  }
  const forget = (podName: string) => {
    const pod = objects.get(`pods ${podName}`)?.object
    if (pod === undefined || !objects.delete(`pods ${podName}`)) return
    const { uid = '', namespace = '' } = pod.metadata
    publish({ type: 'Remove', resource: 'pods', namespace, name: podName, uid, cause })
  }
  apiBus.subscribe(nodeRead(name), (message) => {
    const { wire } = parseReadRequest(message.data)
    const changes = [...objects.values()].filter(({ resource }) => wireOf(resource) === wire)
    const order = { read: `${++reads}`, page: 1, pages: 1, position: `${position}` }
    message.respond(encode({ ...order, cluster: 'cluster', settings, changes }))
    message.respond(new Uint8Array())
  })
  apiBus.subscribe(nodeReports(name), (message) => {
    message.respond(encode(record(JSON.parse(new TextDecoder().decode(message.data)))))
  })

  const start = () => {
    stopping = new AbortController()
    const streams = agentBus
    const ports = { bus: agentBus, streams, clock, ids, runtime, disk, dialer, log: silent }
    running = runAgent(ports, { ...configuration, ...options }, stopping.signal)
  }
  const stop = async () => {
    stopping.abort()
    await running
  }
  /** Lets a little time pass until it is so. */
  const settle = async (isSo: () => Promise<boolean> | boolean) => {
    for (let turn = 0; turn < turnsMax; turn++) {
      if (await isSo()) return
      await clock.advance(10)
    }
    throw new Error(`it never came to be so: ${JSON.stringify(reports.slice(-2))}`)
  }
  /** Waits for the latest report of a kind (about a pod, if one is named) to be so. */
  const latest = async <Type extends Report['type']>(
    type: Type,
    podName: string | undefined,
    isSo: (report: Report & { type: Type }) => boolean,
  ) => {
    const find = () =>
      reports.findLast(
        (each): each is Report & { type: Type } =>
          each.type === type &&
          (podName === undefined || ('name' in each && each.name === podName)),
      )
    await settle(() => {
      const found = find()
      return found !== undefined && isSo(found)
    })
    return find() as Report & { type: Type }
  }

  start()
  return {
    clock,
    runtime,
    disk,
    dialer,
    upsert,
    forget,
    start,
    stop,
    settle,
    pod: (podName: string, spec: PodSpec): Pod => ({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: podName, namespace: 'default', uid: `uid-${podName}` },
      spec: { nodeName: name, ...spec },
      status: { phase: 'Pending' },
    }),
    configMap: (mapName: string, data: Record<string, string>): KubernetesObject => ({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: mapName, namespace: 'default' },
      data,
    }),
    endpointSlice: (sliceName: string, podUids: readonly string[]): KubernetesObject => ({
      apiVersion: 'discovery.k8s.io/v1',
      kind: 'EndpointSlice',
      metadata: { name: sliceName, namespace: 'default' },
      addressType: 'IPv4',
      endpoints: podUids.map((uid) => ({ addresses: [], targetRef: { kind: 'Pod', uid } })),
    }),
    /** The node, or one of its pods, is told to be as nobody knows. */
    doubt(kind: 'nodes' | 'pods', objectName: string) {
      const object = objects.get(`${kind} ${objectName}`)?.object as Node | Pod
      const reason = kind === 'pods' ? 'NodeNotReady' : 'NodeStatusUnknown'
      const status = kind === 'pods' ? 'False' : 'Unknown'
      const conditions = object.status?.conditions?.map((condition) =>
        condition.type === 'Ready' ? { ...condition, status, reason } : condition,
      )
      upsert({ ...object, status: { ...object.status, conditions } } as KubernetesObject)
    },
    /** The pod's deletion was requested. */
    terminate(podName: string) {
      const pod = objects.get(`pods ${podName}`)?.object as Pod
      const terminating = {
        deletionTimestamp: '2026-01-01T00:00:30Z',
        deletionGracePeriodSeconds: 30,
      }
      upsert({ ...pod, metadata: { ...pod.metadata, ...terminating } })
    },
    /** Every proxy has applied everything so far. */
    applied() {
      apiBus.publish(sharedApplied, encode({ position: `${position}` }))
    },
    statusOf: async (podName: string, isSo: (status: PodStatus) => boolean): Promise<PodStatus> =>
      (await latest('PodStatus', podName, ({ status }) => isSo(status))).status,
    nodeReport: async (isSo: (node: Node) => boolean): Promise<Node> =>
      (await latest('Node', undefined, ({ node }) => isSo(node as Node))).node as Node,
    podReport: (podName: string) => latest('PodStatus', podName, () => true),
    reportsSoFar: (): readonly Report[] => [...reports],
    /** What was noticed about the pod so far. */
    notesOf: (podName: string) =>
      reports.flatMap((each) =>
        each.type === 'PodStatus' && each.name === podName ? (each.notes ?? []) : [],
      ),
    gone: (podName: string) => latest('PodGone', podName, () => true),
    [Symbol.asyncDispose]: stop,
  }
}

const resourceIds: Record<string, string> = {
  Pod: 'pods',
  Node: 'nodes',
  ConfigMap: 'configmaps',
  Service: 'services',
  EndpointSlice: 'endpointslices.discovery.k8s.io',
  PersistentVolume: 'persistentvolumes',
}

const settings: NodeSettings = {
  clusterCidr: '10.244.0.0/16',
  serviceCidr: '10.96.0.0/12',
  domain: 'cluster.local',
  clusterDns: '169.254.20.10',
}

const configuration: AgentConfiguration = {
  nodeName: name,
  clusterId: 'cluster',
  nodeIP: () => '192.0.2.1',
  machineId: 'machine',
  machineBootId: 'boot',
  pauseImage: 'pause:1',
  stopPodsOnExit: false,
}
