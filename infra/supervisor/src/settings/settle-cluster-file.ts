import { randomBytes, randomUUID } from 'node:crypto'
import { type ClusterSettings, nodesMax, settingsFor } from '@reckon/domain'
import { joinedNodesIn } from '../joined/joined-nodes.ts'
import { readMachineFile } from '../joined/machine-file.ts'
import type { Layout } from '../layout.ts'
import { freePort } from '../ports/free-port.ts'
import {
  isNeeded,
  listeners,
  refuseSharedPorts,
  refuseTakenPorts,
} from '../ports/refuse-taken-ports.ts'
import type { ProcessReporter } from '../processes/process-reporter.ts'
import {
  type ClusterFile,
  nodeNames,
  type Runtime,
  readClusterFile,
  writeClusterFile,
} from './cluster-file.ts'
import { foundingSettingsOf } from './founding-settings.ts'
import type { Replicas } from './replicas.ts'

export type RequestedCluster = {
  /** Only for a new cluster. */
  settings?: RequestedSettings
  port?: number
  ingressPort?: number
  ingressTlsPort?: number
  nodes?: number
  runtime: Runtime
  dockerHost?: string
  /** An absolute path. */
  logDir?: string
  memoryCapacity?: string
  evictionHard?: string
  eventStoreUrl?: string
  natsUrl?: string
  advertise?: string
  replicas?: Replicas
  nodeGraceSeconds?: number
}

/** Founding settings that a user may choose for a new cluster. */
type RequestedSettings = Partial<Pick<ClusterSettings, (typeof requestable)[number]>>
const requestable = [
  'clusterCidr',
  'serviceCidr',
  'domain',
  'defaultTolerationSeconds',
  'allowsExternalIPs',
] as const

const portsWanted = {
  api: 6443,
  eventStore: 2113,
  nats: 4222,
  ingressHttp: 8080,
  ingressHttps: 8443,
  registry: 5055,
}

/**
 * Settles the cluster file of this data directory: the existing one with the user's changes, or a new one on the usual
 * ports if these are free, else on others, which is reported. Refused, without writing anything, if this machine is a
 * node of another cluster, if another program has one of the ports, or if nodes that have run pods would be left
 * behind.
 */
export async function settleClusterFile(
  layout: Layout,
  requested: RequestedCluster,
  report: ProcessReporter,
): Promise<ClusterFile> {
  await refuseWhereJoined(layout)
  const earlier = await readClusterFile(layout)
  if (earlier && requested.nodes !== undefined && requested.nodes < earlier.nodes) {
    const advice = '"kubectl cordon" keeps pods off one, "reckon reset" starts anew'
    throw new Error(`this cluster has ${earlier.nodes} nodes and keeps them; ${advice}`)
  }
  if (earlier) refuseOtherSettings(earlier, requested.settings)
  const cluster: ClusterFile = earlier ?? {
    id: randomUUID(),
    ports: await choosePorts(requested, report),
    nodes: requested.nodes ?? 1,
    settings: { ...settingsFor(requested.nodes ?? 1), ...requested.settings },
    runtime: requested.runtime,
    dockerHost: requested.dockerHost ?? '/var/run/docker.sock',
    passwords: {},
  }
  const settled = {
    ...cluster,
    ports: {
      ...cluster.ports,
      ...(requested.port && { api: requested.port }),
      ...(requested.ingressPort && { ingressHttp: requested.ingressPort }),
      ...(requested.ingressTlsPort && { ingressHttps: requested.ingressTlsPort }),
    },
    nodes: Math.max(requested.nodes ?? cluster.nodes, 1),
    ...(requested.dockerHost && { dockerHost: requested.dockerHost }),
    ...(requested.logDir && { logDir: requested.logDir }),
    ...(requested.memoryCapacity && { memoryCapacity: requested.memoryCapacity }),
    ...(requested.evictionHard && { evictionHard: requested.evictionHard }),
    ...(requested.eventStoreUrl && { eventStoreUrl: requested.eventStoreUrl }),
    ...(requested.natsUrl && { natsUrl: requested.natsUrl }),
    ...(requested.advertise && { advertise: requested.advertise }),
    ...(requested.nodeGraceSeconds && { nodeGraceSeconds: requested.nodeGraceSeconds }),
    ...(requested.replicas && { replicas: { ...cluster.replicas, ...requested.replicas } }),
    runtime: requested.runtime,
    passwords: {
      ...passwordsFor(Math.max(requested.nodes ?? cluster.nodes, 1)),
      ...cluster.passwords,
    },
  }
  refuseForeignWire(settled)
  refuseTooManyNodes(settled)
  await refuseJoinedNames(layout, settled)
  refuseSharedPorts(settled)
  await refuseTakenPorts(layout, settled, earlier)
  await writeClusterFile(layout, settled)
  return settled
}

/** The files of the joined cluster, above all its CA, would be overwritten. */
async function refuseWhereJoined(layout: Layout): Promise<void> {
  const machine = await readMachineFile(layout)
  if (machine === undefined) return
  const what = `this machine has joined the cluster at ${machine.server} as the node ${machine.node}`
  const advice =
    '"reckon join" starts it; "reckon leave", or another --data-dir, comes before "reckon up"'
  throw new Error(`${what}: ${advice}`)
}

/** A cluster is founded once: its addresses and names are used everywhere. */
function refuseOtherSettings(earlier: ClusterFile, requested: RequestedSettings = {}): void {
  const founded = foundingSettingsOf(earlier)
  for (const name of requestable) {
    const value = requested[name]
    if (value === undefined || value === founded[name]) continue
    const advice = '"reckon reset" starts anew'
    const how =
      name === 'allowsExternalIPs'
        ? 'without external addresses, not with them'
        : `with ${founded[name]}, not ${value}`
    throw new Error(`this cluster was founded ${how}; ${advice}`)
  }
}

/** Joined machines are users of the embedded nats-server, so a cluster that has admitted others must keep it. */
function refuseForeignWire({ advertise, natsUrl }: ClusterFile): void {
  if (advertise === undefined || natsUrl === undefined) return
  const what = `machines join this cluster at ${advertise}`
  throw new Error(`${what}, and cannot with a NATS of its own yet: one of the two`)
}

/** Address ranges cannot change after the founding. */
function refuseTooManyNodes(cluster: ClusterFile): void {
  const settings = foundingSettingsOf(cluster)
  const max = nodesMax(settings)
  if (cluster.nodes <= max) return
  const founded = `this cluster was founded with ${settings.clusterCidr} for its pods`
  throw new Error(`${founded}, which is ranges for ${max} nodes, not for ${cluster.nodes}`)
}

/** A machine that has joined keeps its name: otherwise two agents would report on one Node. */
async function refuseJoinedNames(layout: Layout, { nodes }: ClusterFile): Promise<void> {
  const own = new Set(nodeNames(nodes))
  const joined = (await joinedNodesIn(layout)).find(({ node }) => own.has(node))
  if (joined === undefined) return
  const what = `another machine has joined as ${joined.node}, which this one would call its own of ${nodes} nodes`
  const advice = `"reckon leave" there, and "reckon join" with another --node-name, comes first`
  throw new Error(`${what}: ${advice}`)
}

/** One password for each NATS user, and one for the event store. */
function passwordsFor(nodes: number): Record<string, string> {
  const users = ['event-store', 'api', 'scheduler', 'replicator', ...nodeNames(nodes)]
  return Object.fromEntries(users.map((user) => [user, randomBytes(24).toString('base64url')]))
}

/** Requested ports are used as given; if one is taken or requested twice, that is refused later. */
async function choosePorts(
  requested: RequestedCluster,
  report: ProcessReporter,
): Promise<ClusterFile['ports']> {
  const { port, ingressPort, ingressTlsPort } = requested
  const chosen = { ...portsWanted }
  const asked = {
    ...(port && { api: port }),
    ...(ingressPort && { ingressHttp: ingressPort }),
    ...(ingressTlsPort && { ingressHttps: ingressTlsPort }),
  }
  const spokenFor = new Set(Object.values(asked))
  for (const name of Object.keys(chosen) as (keyof typeof chosen)[]) {
    if (name in asked || !isNeeded(name, requested)) continue
    const usual = chosen[name]
    const isSpokenFor = spokenFor.has(usual)
    chosen[name] = await freePort(usual, spokenFor)
    spokenFor.add(chosen[name])
    if (chosen[name] === usual) continue
    const { process, option } = listeners[name]
    const choice = option ? ` (${option} names another)` : ''
    const by = isSpokenFor ? 'this cluster for something else' : 'another program'
    const why = `port ${usual}, usual for ${process}, is taken by ${by}`
    report('reckon', `${why}; it is ${chosen[name]} instead${choice}`)
  }
  return { ...chosen, ...asked }
}
