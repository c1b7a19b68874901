import { availableParallelism, getPriority, setPriority, totalmem } from 'node:os'
import { join, resolve } from 'node:path'
import { connectBus } from '@reckon/eventing/nats'
import { memoryBytes } from '@reckon/kubernetes'
import {
  ConfigurationError,
  nodeWireOptions,
  openNodeKey,
  readConfiguration,
  runProcess,
  runTogether,
  systemClock,
  systemIds,
  wireAt,
} from '@reckon/process'
import type { AgentPorts } from './agent-ports.ts'
import { createDockerRuntime } from './docker/docker-runtime.ts'
import { parseThresholds } from './eviction/threshold.ts'
import { imageLimitsOf } from './images/image-limits.ts'
import { createMachineDisk } from './machine/disk/machine-disk.ts'
import { machineDialer } from './machine/machine-dialer.ts'
import { machineAddress, machineHugePages, machineIds } from './node/machine.ts'
import { measureNodes } from './node/measure-nodes.ts'
import { nodeList } from './node/node-list.ts'
import { removePods } from './pods/remove-pods.ts'
import { runAgent } from './run-agent.ts'
import { createSimulatedDialer } from './simulated/simulated-dialer.ts'
import { createSimulatedDisk } from './simulated/simulated-disk.ts'
import { createSimulatedRuntime } from './simulated/simulated-runtime.ts'
import { measureUsage } from './usage/measure-usage.ts'

const options = {
  'node-name': {
    description: 'the name of the node that this agent runs; several simulated ones by commas',
  },
  'cluster-id': { description: 'the id of the cluster; containers of others are left alone' },
  'data-dir': { description: 'where the volumes of pods lie' },
  ...nodeWireOptions,
  'nats-password': {
    description: "the node's password on the wire, where its name is its user; as many as nodes",
    default: '',
    secret: true,
  },
  'log-dir': {
    description:
      'where links to the logs of containers lie, as below /var/log of a kubelet; by default in data-dir',
    default: '',
  },
  runtime: { description: 'what runs containers: docker or simulated', default: 'docker' },
  'docker-host': { description: 'where the engine listens', default: '/var/run/docker.sock' },
  'registry-mirror': {
    description: "a registry that is asked first for Docker Hub's images",
    default: '',
  },
  'pause-image': {
    description: 'the image that holds the network of a pod',
    default: 'reckon/pause:1',
  },
  'node-ip': { description: "the machine's address; by default its first one", default: '' },
  'shares-machine': {
    description:
      "another node has the machine's address: this one takes the first of its pods' range",
    default: false,
  },
  'memory-capacity': {
    description: "what its pods may use of memory together, such as 4Gi; by default the machine's",
    default: '',
  },
  'eviction-hard': {
    description: 'so much memory, and of the disk, must be left, or else pods are evicted',
    default: 'memory.available<100Mi',
  },
  'eviction-transition-seconds': {
    description: 'how long the node goes on to say that it is short of memory or disk',
    default: '300',
  },
  'image-gc-high-threshold': {
    description: 'how full, in per cent, the disk is when images go that no pod needs any more',
    default: '85',
  },
  'image-gc-low-threshold': {
    description: 'how full the disk is once enough of them are gone',
    default: '80',
  },
  remove: {
    description: 'remove the containers and volumes of the node for good, and end',
    default: false,
  },
  'stop-pods-on-exit': {
    description: 'stop the containers when the agent is told to stop',
    default: false,
  },
} as const

/** A third of the processor time that others get where it is short. */
const nicenessOfSimulated = 5
const nicenessMax = 19

await runProcess('agent', async ({ signal, log, health, metrics }) => {
  const values = readConfiguration(options, process.argv.slice(2), process.env)
  const nodes = nodeList(values)
  if (values.runtime === 'docker' && nodes.length > 1) {
    throw new ConfigurationError('on Docker each node is one agent process: one --node-name')
  }
  if (values.runtime === 'simulated') giveWay()
  if (values.remove) {
    for (const { name } of nodes) await removePods(runtimeAndDisk(name))
    return
  }
  const asked = values['node-ip']
  const shared = {
    clusterId: values['cluster-id'],
    nodeIP: asked === '' ? machineAddress(systemClock) : () => asked,
    sharesMachine: values['shares-machine'],
    ...(await machineIds()),
    hugePages: await machineHugePages(),
    pauseImage: values['pause-image'],
    stopPodsOnExit: values['stop-pods-on-exit'],
    ...(values['memory-capacity'] && { memoryBytes: memoryBytes(values['memory-capacity']) }),
    evictionThresholds: parseThresholds(values['eviction-hard']),
    imageLimits: imageLimitsOf(values),
    evictionTransitionMs: Number(values['eviction-transition-seconds']) * 1_000,
  }
  const running = await Promise.all(
    nodes.map(async (node) => ({
      ...node,
      bus: await connect(node, `agent ${node.name}`),
      streams: await connect(node, `streams of ${node.name}`),
      machine: runtimeAndDisk(node.name),
    })),
  )
  measureNodes(metrics, running)
  measureUsage(
    metrics,
    running.map(({ name, machine }) => ({ name, runtime: machine.runtime })),
  )
  health.report(() => ({ ready: running.every(({ bus }) => bus.connected) }))
  // If one node fails, the process ends: its supervisor restarts all of them.
  await runTogether(
    signal,
    running.map(({ name, bus, streams, machine }) => async (ended) => {
      const nodeKey = await openNodeKey(join(resolve(values['data-dir']), 'keys', `${name}.key`))
      const ofNode = { bus, streams, log: log.child({ node: name }), nodeKey, ...machine }
      const ports = { clock: systemClock, ids: systemIds, metrics, ...ofNode }
      await runAgent(ports, { ...shared, nodeName: name }, ended)
      await Promise.all([bus.close(), streams.close()])
    }),
  )

  /** Each node has connections of its own, limited to its own subjects. */
  function connect({ name: user, password }: (typeof nodes)[number], name: string) {
    const logger = log.child({ node: user })
    return connectBus({ ...wireAt(values), user, password, name, logger })
  }

  function runtimeAndDisk(node: string): Pick<AgentPorts, 'runtime' | 'disk' | 'dialer'> {
    if (values.runtime === 'simulated') {
      const size = { cpus: availableParallelism(), memoryBytes: totalmem() }
      const runtime = createSimulatedRuntime({ clock: systemClock, ids: systemIds }, size)
      return { runtime, disk: createSimulatedDisk(), dialer: createSimulatedDialer() }
    }
    const runtime = createDockerRuntime({
      dockerHost: values['docker-host'],
      owner: { cluster: values['cluster-id'], node },
      logDir: resolve(values['log-dir'] || join(values['data-dir'], 'logs')),
      onUnlinked: ({ message }) =>
        log.warn({ reason: message }, 'a log of a container has no link'),
      onUnmeasured: ({ message }) =>
        log.warn({ reason: message }, 'what containers use is not known'),
      ...(values['registry-mirror'] ? { registryMirror: values['registry-mirror'] } : {}),
    })
    const disk = createMachineDisk(resolve(values['data-dir']), systemIds)
    return { runtime, disk, dialer: machineDialer }
  }
})

/**
 * Simulated nodes stand for machines of their own: they take little of this one while those that everything else waits
 * for need it.
 */
function giveWay(): void {
  setPriority(Math.min(getPriority() + nicenessOfSimulated, nicenessMax))
}
