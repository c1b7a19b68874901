import { mkdir } from 'node:fs/promises'
import { dirname } from 'node:path'
import { ensureDockerEngine } from '@reckon/bootstrap'
import { messageOf } from '@reckon/kubernetes'
import { writeLastingFile } from '@reckon/process'
import {
  chooseMachinePorts,
  type Layout,
  type MachineFile,
  type ProcessReporter,
  type Runtime,
  refuseTakenMachinePorts,
  writeMachineFile,
} from '@reckon/supervisor'
import { type ApiClient, apiBy, expectJson } from '../asking/api-client.ts'
import { type Address, fetchAuthority } from './authority.ts'
import { type JoiningInfo, joiningInfoPath } from './joining-objects.ts'
import { obtainCertificate } from './node-certificate.ts'
import { writeNodeKubeconfig } from './node-kubeconfig.ts'

/** What the user says about the joining machine, and its credentials. */
export type RequestedMachine = {
  address: Address
  token: string
  hash: string
  node: string
  runtime?: Runtime
  dockerHost?: string
  logDir?: string
  nodeIP?: string
  ingressPort?: number
  ingressTlsPort?: number
  registryPort?: number
}

/** The machine's earlier state if it has joined before, and where to report progress. */
export type Joining = {
  joined?: MachineFile | undefined
  report: ProcessReporter
  signal: AbortSignal
}

/**
 * Makes this machine a node of the cluster at the address. It verifies the cluster by the hash of its CA before sending
 * anything, gets a certificate with the token, and stores what the machine's processes are started with. A machine that
 * has joined that cluster before is admitted again; until that succeeds its files stay as they are.
 */
export async function joinCluster(
  layout: Layout,
  requested: RequestedMachine,
  { joined, report, signal }: Joining,
): Promise<MachineFile> {
  const { address, token, hash, node } = requested
  const server = serverAt(address)
  const authority = await fetchAuthority(address, hash)
  const access = { server, namespace: 'default', tls: { ca: Buffer.from(authority) } }
  const api = apiBy({ ...access, headers: { authorization: `Bearer ${token}` } })
  const info = await joiningInfo(api)
  if (joined && joined.cluster !== info.cluster) {
    const what = `this machine is a node of another cluster, the one at ${joined.server}`
    throw new Error(`${what}: "reckon leave" comes first`)
  }
  const machine = await settled(layout, requested, { info, server, report })
  report('reckon', `joins the cluster ${info.cluster} as the node ${node}`)
  await mkdir(dirname(layout.nodeCredentials), { recursive: true, mode: 0o700 })
  await obtainCertificate(api, { layout, node, signal })
  await writeLastingFile(layout.certificate('ca'), authority)
  await writeNodeKubeconfig(layout, server, node)
  await writeMachineFile(layout, machine)
  return machine
}

/** The address of a cluster's API, as its machines store it. */
export const serverAt = ({ host, port }: Address): string => `https://${host}:${port}`

async function settled(
  layout: Layout,
  requested: RequestedMachine,
  { info, server, report }: { info: JoiningInfo; server: string; report: ProcessReporter },
): Promise<MachineFile> {
  const { node, dockerHost = '/var/run/docker.sock', logDir, nodeIP } = requested
  const runtime = await runtimeOf(requested)
  const ports = await chooseMachinePorts({ ...requested, runtime }, report)
  await refuseTakenMachinePorts(layout, { ports })
  return {
    ...{ cluster: info.cluster, server, nats: info.nats, node, dockerHost, runtime },
    ...(logDir && { logDir }),
    ...(nodeIP && { nodeIP }),
    ports,
  }
}

/** Starts Docker if needed; simulated pods are run for another machine's cluster only on request. */
async function runtimeOf({ runtime, dockerHost }: RequestedMachine): Promise<Runtime> {
  if (runtime === 'simulated') return runtime
  try {
    await ensureDockerEngine(dockerHost)
    return 'docker'
  } catch (error) {
    const how = 'with "--runtime simulated" the pods of this node would only pretend to run'
    throw new Error(`${messageOf(error)}; ${how}`, { cause: error })
  }
}

/** What the cluster tells joining machines, and those that have joined. */
export async function joiningInfo(api: ApiClient): Promise<JoiningInfo> {
  const answer = await api.ask('GET', joiningInfoPath)
  if (answer.code === 401) {
    throw new Error(
      'the token is none of this cluster, or has expired: "reckon token create" there',
    )
  }
  return expectJson<{ data: JoiningInfo }>(answer).data
}
