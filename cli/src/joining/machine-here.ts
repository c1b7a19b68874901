import { readFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { resolve } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { nodeNameProblem } from '@reckon/domain'
import {
  type Layout,
  type MachineFile,
  type ProcessReporter,
  type Runtime,
  readClusterFile,
  readMachineFile,
  refuseTakenMachinePorts,
  writeMachineFile,
} from '@reckon/supervisor'
import type { Address } from './authority.ts'
import { joinCluster, joiningInfo, type RequestedMachine, serverAt } from './join-cluster.ts'
import { authorityHash } from './join-line.ts'
import { writeNodeKubeconfig } from './node-kubeconfig.ts'
import { apiAsNode, standingOf } from './standing.ts'

/** What the user says about the joining machine; nothing where it has joined before. */
export type MachineOptions = {
  address?: Address
  token?: string
  caHash?: string
  nodeName?: string
  nodeIp?: string
  runtime?: Runtime
  dockerHost?: string
  logDir?: string
  ingressPort?: number
  ingressTlsPort?: number
}

/**
 * The machine as it has joined, now or before. With a token, a machine whose credentials have become worthless (its
 * Node was deleted, or its certificate has expired) is admitted again; otherwise the token only updates the address of
 * its cluster.
 */
export async function machineHere(
  layout: Layout,
  asked: MachineOptions,
  { report, signal }: { report: ProcessReporter; signal: AbortSignal },
): Promise<MachineFile> {
  if (await readClusterFile(layout)) {
    throw new Error(`${layout.dataDir} has a cluster of its own: name another --data-dir`)
  }
  const joined = await readMachineFile(layout)
  const node = nodeNameFor(asked, joined)
  const { address, token, caHash: hash } = asked
  if (joined && !address && !token && !hash) return comesBack(layout, joined, asked)
  if (address === undefined || token === undefined || hash === undefined) {
    throw new Error(
      'to join a cluster, type what "reckon token create" prints on its first machine',
    )
  }
  const requested = { ...asPossible(asked, joined), ...{ address, token, hash, node } }
  if (joined && (await isLetIn(layout, joined, requested))) {
    report('reckon', `this machine is the node ${node} of that cluster already`)
    const server = serverAt(address)
    const { nats } = await joiningInfo(await apiAsNode(layout, server))
    if (server !== joined.server) await writeNodeKubeconfig(layout, server, node)
    return asAskedNow(layout, joined, { ...asked, server, nats })
  }
  return joinCluster(layout, requested, { joined, report, signal })
}

/** The machine as it joined, with its stored credentials; throws where the cluster no longer accepts them. */
async function comesBack(
  layout: Layout,
  joined: MachineFile,
  asked: MachineOptions,
): Promise<MachineFile> {
  if ((await standingOf(layout, joined)) === 'ShutOut') {
    const what = `the cluster at ${joined.server} lets this machine in no more as the node ${joined.node}`
    const why = 'its Node was deleted, or its certificate has ended'
    throw new Error(`${what} (${why}): type what "reckon token create" prints there`)
  }
  return asAskedNow(layout, joined, asked)
}

/** The machine as it joined, updated with the user's options and the cluster's answers. */
async function asAskedNow(
  layout: Layout,
  joined: MachineFile,
  { server, nats, ...asked }: MachineOptions & Partial<Pick<MachineFile, 'server' | 'nats'>>,
): Promise<MachineFile> {
  const { dockerHost, logDir, nodeIP, ingressPort, ingressTlsPort } = asPossible(asked, joined)
  const machine = {
    ...joined,
    ...(server && { server }),
    ...(nats && { nats }),
    ...(dockerHost && { dockerHost }),
    ...(logDir && { logDir }),
    ...(nodeIP && { nodeIP }),
    ports: {
      ...joined.ports,
      ...(ingressPort && { ingressHttp: ingressPort }),
      ...(ingressTlsPort && { ingressHttps: ingressTlsPort }),
    },
  }
  await refuseTakenMachinePorts(layout, machine)
  if (!isDeepStrictEqual(machine, joined)) await writeMachineFile(layout, machine)
  return machine
}

/** A machine keeps its node name and its runtime, because what runs here is named after them. */
function nodeNameFor(
  { nodeName, runtime }: MachineOptions,
  joined: MachineFile | undefined,
): string {
  const node = nodeName ?? joined?.node ?? hostname().toLowerCase()
  if (joined && joined.node !== node) {
    const what = `this machine has joined as the node ${joined.node}, not ${node}`
    throw new Error(`${what}: "reckon leave" comes first`)
  }
  if (joined && runtime && runtime !== joined.runtime) {
    const what = `the node of this machine is of the runtime "${joined.runtime}", not "${runtime}"`
    throw new Error(`${what}: "reckon leave" comes first`)
  }
  const problem = nodeNameProblem(node)
  if (problem === '') return node
  throw new Error(`no node can be called ${node} (${problem}): --node-name names another`)
}

/** The user's option, else as the machine has joined. */
function asPossible(
  { runtime, dockerHost, logDir, nodeIp, ingressPort, ingressTlsPort }: MachineOptions,
  joined: MachineFile | undefined,
): Omit<RequestedMachine, 'address' | 'token' | 'hash' | 'node'> {
  const before: Partial<MachineFile> = joined ?? {}
  const { ports } = before
  return {
    ...(before.runtime && { runtime: before.runtime }),
    ...(before.dockerHost && { dockerHost: before.dockerHost }),
    ...(before.logDir && { logDir: before.logDir }),
    ...(before.nodeIP && { nodeIP: before.nodeIP }),
    ...(ports && { ingressPort: ports.ingressHttp, ingressTlsPort: ports.ingressHttps }),
    ...(ports?.registry && { registryPort: ports.registry }),
    ...(runtime && { runtime }),
    ...(dockerHost && { dockerHost }),
    ...(logDir && { logDir: resolve(logDir) }),
    ...(nodeIp && { nodeIP: nodeIp }),
    ...(ingressPort && { ingressPort }),
    ...(ingressTlsPort && { ingressTlsPort }),
  }
}

/** Whether the cluster at that address still accepts the machine's certificate; then no token is needed. */
async function isLetIn(
  layout: Layout,
  joined: MachineFile,
  { address, hash }: RequestedMachine,
): Promise<boolean> {
  const authority = await readFile(layout.certificate('ca'))
  if (authorityHash(authority) !== hash) return false
  return (await standingOf(layout, { ...joined, server: serverAt(address) })) === 'LetIn'
}
