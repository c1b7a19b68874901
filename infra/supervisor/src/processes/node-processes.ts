import { createHash } from 'node:crypto'
import { join } from 'node:path'
import type { Components } from '@reckon/bootstrap'
import type { Layout } from '../layout.ts'
import type { ClusterFile, Runtime } from '../settings/cluster-file.ts'
import { drainSeconds } from './drain-envoy.ts'
import { ourProcess, stopTimeoutMs } from './our-process.ts'
import type { ProcessSpec } from './process-spec.ts'

/** A machine as the processes of its nodes see it, wherever the control plane is. */
export type NodesMachine = {
  /** The cluster's id. */
  id: string
  /** The first node has the machine's address, and the proxy uses its name. */
  nodes: readonly string[]
  runtime: Runtime
  dockerHost: string
  logDir?: string
  memoryCapacity?: string
  evictionHard?: string
  /** The machine's address; absent: its first one. */
  nodeIP?: string
  registryMirror?: string
  ports: Pick<ClusterFile['ports'], 'ingressHttp' | 'ingressHttps'>
  /** The environment with which a process authenticates as these nodes on the wire. */
  wire(nodes: readonly string[]): Record<string, string>
}

/** An agent first gives its pods their grace period. */
const agentStopTimeoutMs = 45_000

/** With Docker each node is a process of its own; simulated nodes share one, each with credentials of its own. */
export function agents(layout: Layout, machine: NodesMachine): ProcessSpec[] {
  const agent = (name: string, nodes: readonly string[]): ProcessSpec => ({
    ...ourProcess(layout, {
      name,
      main: '@reckon/agent',
      args: agentArgs(machine, nodes),
      env: machine.wire(nodes),
    }),
    stopTimeoutMs: agentStopTimeoutMs,
  })
  if (machine.runtime === 'simulated') return [agent('agent-simulated', machine.nodes)]
  return machine.nodes.map((name) => agent(`agent-${name}`, [name]))
}

function agentArgs(machine: NodesMachine, nodes: readonly string[]): string[] {
  const { id, runtime, dockerHost, logDir, nodeIP, registryMirror } = machine
  const { memoryCapacity, evictionHard } = machine
  const [first = ''] = machine.nodes
  const isFirst = nodes.includes(first)
  return [
    ...['--node-name', nodes.join(), '--cluster-id', id, '--runtime', runtime],
    ...['--docker-host', dockerHost],
    ...(logDir === undefined ? [] : ['--log-dir', logDir]),
    ...(memoryCapacity === undefined ? [] : ['--memory-capacity', memoryCapacity]),
    ...(evictionHard === undefined ? [] : ['--eviction-hard', evictionHard]),
    ...(registryMirror === undefined ? [] : ['--registry-mirror', registryMirror]),
    ...(nodeIP === undefined || !isFirst ? [] : ['--node-ip', nodeIP]),
    // The first node has the machine's own address.
    ...(runtime === 'docker' && !isFirst ? ['--shares-machine'] : []),
    '--stop-pods-on-exit',
  ]
}

/** A node's key is created by its agent and read by the machine's proxy. */
const nodeKeyPath = (layout: Layout, { runtime }: NodesMachine, node: string): string =>
  join(
    layout.processData(runtime === 'simulated' ? 'agent-simulated' : `agent-${node}`),
    'keys',
    `${node}.key`,
  )

/** The processes of which a machine has one, however many nodes it has. */
export function proxyAndEnvoy(
  layout: Layout,
  machine: NodesMachine,
  components: Components,
): ProcessSpec[] {
  const [node = ''] = machine.nodes
  const proxyArgs = [
    ...['--node-name', node, '--machine-nodes', machine.nodes.join(',')],
    ...['--envoy-dir', layout.envoy],
    ...['--ingress-http-port', String(machine.ports.ingressHttp)],
    ...['--ingress-https-port', String(machine.ports.ingressHttps)],
    ...['--node-key', nodeKeyPath(layout, machine, node)],
    ...(machine.runtime === 'simulated' ? ['--without-dataplane'] : []),
  ]
  const env = machine.wire([node])
  const proxy = ourProcess(layout, { name: 'proxy', main: '@reckon/proxy', args: proxyArgs, env })
  return [
    { ...proxy, takeDown: [...proxy.args, '--remove'] },
    ...(components.envoy ? [envoy(layout, machine, components.envoy.path)] : []),
  ]
}

/** How long an Envoy that was replaced goes on with long-lived connections such as WebSockets. */
const handOverSeconds = 30

/**
 * Envoy's base id, by which the Envoys of one folder find each other; Envoy multiplies it by ten, so it has 28 bits.
 */
const baseIdOf = (folder: string): number =>
  createHash('sha256').update(folder).digest().readUInt32BE() >>> 4

function envoy(layout: Layout, { ports }: NodesMachine, path: string): ProcessSpec {
  const bootstrap = join(layout.envoy, 'bootstrap.yaml')
  const baseId = baseIdOf(layout.envoy)
  return {
    name: 'envoy',
    command: path,
    args: [
      ...['-c', bootstrap, '--reject-unknown-dynamic-fields'],
      ...['--base-id', String(baseId)],
      ...['-l', 'warning', '--file-flush-interval-msec', '200'],
      ...['--drain-time-s', String(drainSeconds)],
      ...['--parent-shutdown-time-s', String(handOverSeconds)],
    ],
    env: {},
    isForeign: true,
    needsFile: bootstrap,
    handsOver: {
      adminSocket: join(layout.envoy, 'admin.sock'),
      ports: [ports.ingressHttp, ports.ingressHttps],
      // Envoy appends a digit to the base id; that of the shared memory is 0.
      sharedMemory: `/dev/shm/envoy_shared_memory_${baseId}0`,
    },
    stopTimeoutMs,
  }
}
