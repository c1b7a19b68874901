import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Components } from '@reckon/bootstrap'
import { type ClusterFile, nodeNames } from './cluster-file.ts'
import { drainSeconds } from './drain-envoy.ts'
import type { Layout } from './layout.ts'
import type { ProcessSpec } from './process-spec.ts'
import { type ReplicatedService, replicaNames } from './replicas.ts'

const mainOf = (name: string): string => fileURLToPath(import.meta.resolve(name))

const stopTimeoutMs = 10_000
/** An agent gives its pods their grace period first. */
const agentStopTimeoutMs = 45_000

/**
 * For who serves many requests at once: what lives as long as one of them is mostly gone before it is moved to the old space.
 * A create costs 5 % less CPU of all processes, in no more memory (docs/benchmarks.md).
 */
const busy = (spec: ProcessSpec): ProcessSpec => ({
  ...spec,
  args: ['--max-semi-space-size=32', ...spec.args],
})

/** Every process of a one-machine cluster, in the order in which they are best started; stopped the other way round. */
export function processList(
  layout: Layout,
  cluster: ClusterFile,
  components: Components,
): ProcessSpec[] {
  const bus = (user: string) => ({
    RECKON_NATS: natsUrl(cluster),
    RECKON_NATS_USER: user,
    RECKON_NATS_PASSWORD: cluster.passwords[user] ?? '',
  })
  const replicated = (service: ReplicatedService, argsOf: (name: string) => string[]) =>
    replicaNames(service, cluster.replicas).map((name): ProcessSpec => {
      const env = { ...bus(service), RECKON_EVENT_STORE: eventStoreUrl(layout, cluster) }
      return {
        ...ourProcess(layout, name, `@reckon/${service}`, argsOf(name), env),
        replicaOf: service,
      }
    })
  return [
    ...(cluster.eventStoreUrl ? [] : [busy(eventStore(layout, cluster))]),
    ...(cluster.natsUrl || !components.natsServer
      ? []
      : [nats(layout, cluster, components.natsServer.path)]),
    ...replicated('api', (name) => apiArgs(layout, cluster, name)).map(busy),
    ...replicated('scheduler', (name) => nameArgs('scheduler', name)),
    ...replicated('replicator', (name) => [
      ...keyArgs(layout),
      ...['--root-ca', layout.certificate('ca')],
      ...['--edge-nodes', edgeNode(cluster)],
      ...['--client-signer', layout.certificate('client-signer')],
      ...['--client-signer-key', layout.key('client-signer')],
      ...graceArgs(cluster),
      ...nameArgs('replicator', name),
    ]),
    ...agents(layout, cluster),
    ...machineProcesses(layout, cluster, components, bus),
  ]
}

/** Where the services find the log: a store of the user's own, or the embedded one with TLS and its password. */
export function eventStoreUrl(layout: Layout, { eventStoreUrl, ports, passwords }: ClusterFile) {
  if (eventStoreUrl) return eventStoreUrl
  const authority = encodeURIComponent(layout.certificate('ca'))
  const password = passwords['event-store'] ?? ''
  // By name: TLS takes no address for a server's name.
  return `esdb://reckon:${password}@localhost:${ports.eventStore}?tls=true&tlsCAFile=${authority}`
}

const natsUrl = ({ natsUrl, ports }: ClusterFile): string =>
  natsUrl ?? `nats://127.0.0.1:${ports.nats}`

function ourProcess(
  layout: Layout,
  name: string,
  main: string,
  args: string[],
  env: Record<string, string>,
): ProcessSpec {
  const healthSocket = layout.healthSocket(name)
  return {
    name,
    command: process.execPath,
    args: [mainOf(main), ...args],
    env: {
      ...env,
      RECKON_DATA_DIR: layout.processData(name),
      RECKON_HEALTH_SOCKET: healthSocket,
    },
    healthSocket,
    stopTimeoutMs,
  }
}

function eventStore(layout: Layout, { ports, passwords }: ClusterFile): ProcessSpec {
  return {
    name: 'event-store',
    command: process.execPath,
    args: [
      mainOf('@reckon/event-store/main'),
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

/** Where it listens is given with it; its users are in the file, and may become more while it runs. */
const nats = (layout: Layout, { ports }: ClusterFile, path: string): ProcessSpec => ({
  name: 'nats',
  command: path,
  args: [
    ...['--addr', '127.0.0.1', '--port', String(ports.nats)],
    ...['-c', layout.natsConfiguration],
  ],
  env: {},
  isForeign: true,
  rereads: layout.natsConfiguration,
  stopTimeoutMs,
})

/** Several apis share the port, and the memory that the cluster was founded: none of them founds a second one. */
const apiArgs = (layout: Layout, cluster: ClusterFile, name: string): string[] => [
  ...['--port', String(cluster.ports.api)],
  ...(replicaNames('api', cluster.replicas).length > 1 ? ['--share-port'] : []),
  ...['--cluster-id', cluster.id, ...foundingArgs(cluster)],
  ...(name === 'api' ? [] : ['--founding-memory', join(layout.processData('api'), 'founded')]),
  ...['--tls-cert', layout.certificate('api'), '--tls-key', layout.key('api')],
  ...['--client-ca', layout.certificate('ca')],
  ...keyArgs(layout),
]

/** With what a new cluster is founded; the log of one that is founded tells these to everybody, api included. */
function foundingArgs({ settings }: ClusterFile): string[] {
  if (settings === undefined) return []
  return [
    ...['--cluster-cidr', settings.clusterCidr, '--service-cidr', settings.serviceCidr],
    ...['--cluster-domain', settings.domain],
    ...(settings.defaultTolerationSeconds === undefined
      ? []
      : ['--default-toleration-seconds', String(settings.defaultTolerationSeconds)]),
  ]
}

const graceArgs = ({ nodeGraceSeconds }: ClusterFile): string[] =>
  nodeGraceSeconds === undefined ? [] : ['--node-grace-seconds', String(nodeGraceSeconds)]

/** By its name a replica is known as the holder of a term; the first has its service's. */
const nameArgs = (service: ReplicatedService, name: string): string[] =>
  name === service ? [] : ['--name', name]

/** On Docker each node is a process of its own; simulated ones share one, each with its own password. */
function agents(layout: Layout, cluster: ClusterFile): ProcessSpec[] {
  const names = nodeNames(cluster.nodes)
  const agent = (name: string, nodes: readonly string[]): ProcessSpec => ({
    ...ourProcess(layout, name, '@reckon/agent', agentArgs(cluster, nodes, names), {
      RECKON_NATS: natsUrl(cluster),
      RECKON_NATS_PASSWORD: nodes.map((node) => cluster.passwords[node] ?? '').join(),
    }),
    stopTimeoutMs: agentStopTimeoutMs,
  })
  if (cluster.runtime === 'simulated') return [agent('agent-simulated', names)]
  return names.map((name) => agent(`agent-${name}`, [name]))
}

/** The key of a node is made by its agent; the proxy of the machine reads it. */
const nodeKeyPath = (layout: Layout, { runtime }: ClusterFile, node: string): string =>
  join(
    layout.processData(runtime === 'simulated' ? 'agent-simulated' : `agent-${node}`),
    'keys',
    `${node}.key`,
  )

/** Only for services that need to know what is in a Secret, and that sign tokens. */
const keyArgs = (layout: Layout): string[] => [
  ...['--master-key', layout.key('master')],
  ...['--service-account-key', layout.key('service-account')],
]

const agentArgs = (
  { id, ports, runtime, dockerHost, logDir }: ClusterFile,
  nodes: readonly string[],
  [first = '']: readonly string[],
): string[] => [
  ...['--node-name', nodes.join(), '--cluster-id', id, '--runtime', runtime],
  ...['--docker-host', dockerHost],
  ...(logDir === undefined ? [] : ['--log-dir', logDir]),
  ...['--registry-mirror', `127.0.0.1:${ports.registry}`],
  // The machine's own address is its first node's.
  ...(runtime === 'docker' && !nodes.includes(first) ? ['--shares-machine'] : []),
  '--stop-pods-on-exit',
]

/** The node by whose name the machine's proxy is known. */
const edgeNode = ({ nodes }: ClusterFile): string => nodeNames(nodes)[0] ?? 'node-1'

/** What a machine has once, however many nodes: its registry of images, its proxy and its Envoy. */
function machineProcesses(
  layout: Layout,
  cluster: ClusterFile,
  components: Components,
  bus: (user: string) => Record<string, string>,
): ProcessSpec[] {
  const nodes = nodeNames(cluster.nodes)
  const node = edgeNode(cluster)
  const proxyArgs = [
    ...['--node-name', node, '--machine-nodes', nodes.join(',')],
    ...['--envoy-dir', layout.envoy],
    ...['--ingress-http-port', String(cluster.ports.ingressHttp)],
    ...['--ingress-https-port', String(cluster.ports.ingressHttps)],
    ...['--node-key', nodeKeyPath(layout, cluster, node)],
    ...(cluster.runtime === 'simulated' ? ['--without-dataplane'] : []),
  ]
  const proxy = ourProcess(layout, 'proxy', '@reckon/proxy', proxyArgs, bus(node))
  const images = cluster.runtime === 'docker' ? components.dockerRegistry : undefined
  return [
    ...(images ? [registry(cluster, images.path)] : []),
    { ...proxy, takeDown: [...proxy.args, '--remove'] },
    ...(components.envoy ? [envoy(layout, components.envoy.path)] : []),
  ]
}

function registry({ ports }: ClusterFile, program: string): ProcessSpec {
  const main = mainOf('@reckon/examples/images/main')
  return {
    name: 'registry',
    command: process.execPath,
    args: [main, 'serve', '--port', String(ports.registry), '--docker-registry', program],
    env: {},
    stopTimeoutMs,
  }
}

function envoy(layout: Layout, path: string): ProcessSpec {
  const bootstrap = join(layout.envoy, 'bootstrap.yaml')
  return {
    name: 'envoy',
    command: path,
    args: [
      ...['-c', bootstrap, '--disable-hot-restart', '--reject-unknown-dynamic-fields'],
      ...['-l', 'warning', '--file-flush-interval-msec', '200'],
      ...['--drain-time-s', String(drainSeconds)],
    ],
    env: {},
    isForeign: true,
    needsFile: bootstrap,
    drainsBy: join(layout.envoy, 'admin.sock'),
    stopTimeoutMs,
  }
}
