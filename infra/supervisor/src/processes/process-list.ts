import { join } from 'node:path'
import type { Components } from '@reckon/bootstrap'
import type { Layout } from '../layout.ts'
import { type ClusterFile, nodeNames } from '../settings/cluster-file.ts'
import { type ReplicatedService, replicaNames } from '../settings/replicas.ts'
import { natsAddress, natsUrl, wireFiles } from '../settings/wire-of-cluster.ts'
import { imageRegistry, registryMirror } from './image-registry.ts'
import { agents, type NodesMachine, proxyAndEnvoy } from './node-processes.ts'
import { type Heap, ourProcess, runMain, stopTimeoutMs } from './our-process.ts'
import type { ProcessSpec } from './process-spec.ts'

/**
 * Who serves many requests at once, each of which lives for a while, has twice the others' young generation, and is not
 * held up by whole collections while what it serves is small.
 */
const apiHeap: Heap = { semiSpaceMiB: 16, initialOldSpaceMiB: 256 }

/** All processes of a cluster's first machine, in the best order of starting. */
export function processList(
  layout: Layout,
  cluster: ClusterFile,
  components: Components,
): ProcessSpec[] {
  const replicated = (service: ReplicatedService, argsOf: (name: string) => string[]) =>
    replicaNames(service, cluster.replicas).map((name): ProcessSpec => {
      const env = {
        RECKON_NATS: natsUrl(cluster),
        ...wireFiles(layout, cluster),
        RECKON_NATS_USER: service,
        RECKON_NATS_PASSWORD: cluster.passwords[service] ?? '',
        RECKON_EVENT_STORE: eventStoreUrl(layout, cluster),
      }
      const of = { name, main: `@reckon/${service}`, args: argsOf(name), env }
      const heap = service === 'api' ? { heap: apiHeap } : {}
      return { ...ourProcess(layout, { ...of, ...heap }), replicaOf: service }
    })
  const machine = machineOf(layout, cluster)
  return [
    ...(cluster.eventStoreUrl ? [] : [eventStore(layout, cluster)]),
    ...(cluster.natsUrl || !components.natsServer
      ? []
      : [nats(layout, cluster, components.natsServer.path)]),
    ...replicated('api', (name) => apiArgs(layout, cluster, name)),
    ...replicated('scheduler', (name) => nameArgs('scheduler', name)),
    ...replicated('replicator', (name) => [
      ...keyArgs(layout),
      ...['--root-ca', layout.certificate('ca')],
      ...['--edge-nodes', machine.nodes[0] ?? ''],
      ...['--client-signer', layout.certificate('client-signer')],
      ...['--client-signer-key', layout.key('client-signer')],
      ...(cluster.advertise ? ['--joined-nodes', layout.joinedNodes] : []),
      ...graceArgs(cluster),
      ...nameArgs('replicator', name),
    ]),
    ...agents(layout, machine),
    ...imageRegistry(cluster.ports.registry, cluster, components),
    ...proxyAndEnvoy(layout, machine, components),
  ]
}

const machineOf = (layout: Layout, cluster: ClusterFile): NodesMachine => ({
  id: cluster.id,
  nodes: nodeNames(cluster.nodes),
  runtime: cluster.runtime,
  dockerHost: cluster.dockerHost,
  ...(cluster.logDir && { logDir: cluster.logDir }),
  ...(cluster.memoryCapacity && { memoryCapacity: cluster.memoryCapacity }),
  ...(cluster.evictionHard && { evictionHard: cluster.evictionHard }),
  ...(cluster.advertise && { nodeIP: cluster.advertise }),
  registryMirror: registryMirror(cluster.ports.registry),
  ports: cluster.ports,
  wire: (nodes) => ({
    RECKON_NATS: natsUrl(cluster),
    ...wireFiles(layout, cluster),
    RECKON_NATS_PASSWORD: nodes.map((node) => cluster.passwords[node] ?? '').join(),
  }),
})

/** The address of the log: the user's own store, or the embedded one with TLS and its password. */
export function eventStoreUrl(layout: Layout, { eventStoreUrl, ports, passwords }: ClusterFile) {
  if (eventStoreUrl) return eventStoreUrl
  const authority = encodeURIComponent(layout.certificate('ca'))
  const password = passwords['event-store'] ?? ''
  // By name, because TLS here needs a server name, not an address.
  return `esdb://reckon:${password}@localhost:${ports.eventStore}?tls=true&tlsCAFile=${authority}`
}

function eventStore(layout: Layout, { ports, passwords }: ClusterFile): ProcessSpec {
  return {
    name: 'event-store',
    command: process.execPath,
    args: [
      ...runMain('@reckon/event-store/main'),
      ...['--data-dir', layout.eventStore, '--port', String(ports.eventStore)],
      ...['--tls-cert', layout.certificate('event-store'), '--tls-key', layout.key('event-store')],
      ...['--max-append-size', String(8 * 1024 * 1024)],
    ],
    env: {
      RECKON_EVENT_STORE_USERNAME: 'reckon',
      RECKON_EVENT_STORE_PASSWORD: passwords['event-store'] ?? '',
      RECKON_HEALTH_SOCKET: layout.healthSocket('event-store'),
    },
    healthSocket: layout.healthSocket('event-store'),
    stopTimeoutMs,
  }
}

/** The listening address is an argument; the users are in the file, which may change while it runs. */
const nats = (layout: Layout, cluster: ClusterFile, path: string): ProcessSpec => ({
  name: 'nats',
  command: path,
  args: [
    ...['--addr', natsAddress(cluster), '--port', String(cluster.ports.nats)],
    ...['-c', layout.natsConfiguration],
  ],
  env: {},
  isForeign: true,
  rereads: layout.natsConfiguration,
  stopTimeoutMs,
})

/**
 * Several apis share the port, and the file that remembers the founding, so that none of them founds a second cluster.
 */
const apiArgs = (layout: Layout, cluster: ClusterFile, name: string): string[] => [
  ...['--port', String(cluster.ports.api)],
  ...(cluster.advertise
    ? [
        ...['--advertise-address', cluster.advertise],
        ...['--own-nodes', nodeNames(cluster.nodes).join()],
      ]
    : []),
  ...(replicaNames('api', cluster.replicas).length > 1 ? ['--share-port'] : []),
  ...['--cluster-id', cluster.id, ...foundingArgs(cluster), ...graceArgs(cluster)],
  ...(name === 'api' ? [] : ['--founding-memory', join(layout.processData('api'), 'founded')]),
  ...['--reached-at', cluster.advertise ?? ''],
  ...['--tls-cert', layout.certificate('api'), '--tls-key', layout.key('api')],
  ...['--client-ca', layout.certificate('ca')],
  ...keyArgs(layout),
]

/** The founding settings of a new cluster; an existing cluster's log has its own. */
function foundingArgs({ settings }: ClusterFile): string[] {
  if (settings === undefined) return []
  return [
    ...['--cluster-cidr', settings.clusterCidr, '--service-cidr', settings.serviceCidr],
    ...['--cluster-domain', settings.domain],
    ...(settings.defaultTolerationSeconds === undefined
      ? []
      : ['--default-toleration-seconds', String(settings.defaultTolerationSeconds)]),
    ...(settings.allowsExternalIPs ? ['--allow-external-ips'] : []),
  ]
}

const graceArgs = ({ nodeGraceSeconds }: ClusterFile): string[] =>
  nodeGraceSeconds === undefined ? [] : ['--node-grace-seconds', String(nodeGraceSeconds)]

/** A replica's name identifies it as the holder of a term; the first one has the service's name. */
const nameArgs = (service: ReplicatedService, name: string): string[] =>
  name === service ? [] : ['--name', name]

/** Only for services that read Secrets and sign tokens. */
const keyArgs = (layout: Layout): string[] => [
  ...['--master-key', layout.key('master')],
  ...['--service-account-key', layout.key('service-account')],
]
