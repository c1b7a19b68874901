import { readFile } from 'node:fs/promises'
import { availableParallelism, networkInterfaces, totalmem } from 'node:os'
import { resolve } from 'node:path'
import { connectBus } from '@reckon/eventing/nats'
import { readConfiguration, runProcess, systemClock, systemIds } from '@reckon/process'
import { createDockerRuntime } from './docker/docker-runtime.ts'
import { machineDialer } from './docker/machine-dialer.ts'
import { createMachineDisk } from './docker/machine-disk.ts'
import { gatewayOf } from './ipam.ts'
import { removePods } from './remove-pods.ts'
import { runAgent } from './run-agent.ts'
import { createSimulatedDialer } from './simulated/simulated-dialer.ts'
import { createSimulatedDisk } from './simulated/simulated-disk.ts'
import { createSimulatedRuntime } from './simulated/simulated-runtime.ts'

const options = {
  'node-name': { description: 'the name of the node that this agent runs' },
  'cluster-id': { description: 'the id of the cluster; containers of others are left alone' },
  'data-dir': { description: 'where the volumes of pods lie' },
  nats: { description: 'where the wire is', default: 'nats://127.0.0.1:4222' },
  'nats-user': { description: "the node's user on the wire" },
  'nats-password': { description: "the node's password on the wire", secret: true },
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
  'pod-cidr': { description: 'the addresses of the pods of this node', default: '10.244.1.0/24' },
  'cluster-cidr': { description: 'the addresses of all pods', default: '10.244.0.0/16' },
  'cluster-dns': { description: "the address of the cluster's names", default: '169.254.20.10' },
  'cluster-domain': { description: "the domain of the cluster's names", default: 'cluster.local' },
  remove: {
    description: 'remove the containers and volumes of the node for good, and end',
    default: false,
  },
  'stop-pods-on-exit': {
    description: 'stop the containers when the agent is told to stop',
    default: false,
  },
} as const

await runProcess('agent', async ({ signal, log, health }) => {
  const values = readConfiguration(options, process.argv.slice(2), process.env)
  const machine = runtimeAndDisk()
  if (values.remove) return removePods(machine)
  const user = values['nats-user']
  const bus = await connectBus({
    servers: values.nats,
    user,
    password: values['nats-password'],
    name: `agent ${values['node-name']}`,
    inboxPrefix: `_INBOX_${user}`,
  })
  const ports = { clock: systemClock, ids: systemIds, bus, log, ...machine }
  health.report(() => ({ ready: bus.connected }))
  await runAgent(
    ports,
    {
      nodeName: values['node-name'],
      clusterId: values['cluster-id'],
      nodeIP: values['node-ip'] || machineAddress(values['cluster-cidr']),
      machineId: await idIn('/etc/machine-id'),
      machineBootId: await idIn('/proc/sys/kernel/random/boot_id'),
      podCidr: values['pod-cidr'],
      clusterDns: values['cluster-dns'],
      clusterDomain: values['cluster-domain'],
      pauseImage: values['pause-image'],
      stopPodsOnExit: values['stop-pods-on-exit'],
    },
    signal,
  )
  await bus.close()

  function runtimeAndDisk() {
    if (values.runtime === 'simulated') {
      const size = { cpus: availableParallelism(), memoryBytes: totalmem() }
      const runtime = createSimulatedRuntime({ clock: systemClock, ids: systemIds }, size)
      return { runtime, disk: createSimulatedDisk(), dialer: createSimulatedDialer() }
    }
    const runtime = createDockerRuntime({
      dockerHost: values['docker-host'],
      owner: { cluster: values['cluster-id'], node: values['node-name'] },
      clusterCidr: values['cluster-cidr'],
      ...(values['registry-mirror'] ? { registryMirror: values['registry-mirror'] } : {}),
    })
    const disk = createMachineDisk(resolve(values['data-dir']), systemIds)
    return { runtime, disk, dialer: machineDialer }
  }
})

/** Bridges of containers come and go with them. */
function isBridge(name: string): boolean {
  return /^(docker|reckon|br-|veth|cni|flannel)/.test(name)
}

/** The first address that is not the machine's own loop; on a machine without one, where its pods find it. */
function machineAddress(clusterCidr: string): string {
  const outward = Object.entries(networkInterfaces()).filter(([name]) => !isBridge(name))
  const all = outward.flatMap(([, each]) => each ?? [])
  const address = all.find(({ family, internal }) => family === 'IPv4' && !internal)?.address
  return address ?? gatewayOf(clusterCidr)
}

/** An id that the system keeps in a file; empty where there is none. */
async function idIn(file: string): Promise<string> {
  try {
    return (await readFile(file, 'utf8')).trim()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return ''
    throw error
  }
}
