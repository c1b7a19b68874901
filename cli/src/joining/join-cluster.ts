import { mkdir, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { writeLastingFile } from '@reckon/process'
import {
  chooseEdgePorts,
  type Layout,
  type MachineFile,
  type ProcessReporter,
  type Runtime,
  writeMachineFile,
} from '@reckon/supervisor'
import { type ApiClient, expectJson, openApi } from '../api-client.ts'
import { chooseRuntime } from '../choose-runtime.ts'
import { type JoiningInfo, joiningInfoPath } from '../joining-objects.ts'
import { type Address, fetchAuthority } from './authority.ts'
import { obtainCertificate } from './node-certificate.ts'
import { writeNodeKubeconfig } from './node-kubeconfig.ts'

/** What a user says of the machine that is to join, and by what it is let in. */
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
}

/**
 * Makes this machine a node of the cluster at the address: knows the cluster by the hash of its authority before it tells
 * anything, gets the node a certificate by the token, and keeps what the machine's processes are started with.
 */
export async function joinCluster(
  layout: Layout,
  requested: RequestedMachine,
  report: ProcessReporter,
): Promise<MachineFile> {
  const { address, token, hash, node } = requested
  const server = `https://${address.host}:${address.port}`
  const authority = await fetchAuthority(address, hash)
  await mkdir(dirname(layout.nodeCredentials), { recursive: true, mode: 0o700 })
  await writeLastingFile(layout.certificate('ca'), authority)
  try {
    await writeNodeKubeconfig(layout, server, { token })
    const api = await openApi(layout.kubeconfig)
    const info = await joiningInfo(api)
    const machine = await settled(layout, requested, { info, server, report })
    report('reckon', `joins the cluster ${info.cluster} as the node ${node}`)
    await obtainCertificate(api, layout, node)
    await writeNodeKubeconfig(layout, server, { node })
    await writeMachineFile(layout, machine)
    return machine
  } catch (error) {
    // The token is of no use any more.
    await rm(layout.kubeconfig, { force: true })
    throw error
  }
}

async function settled(
  layout: Layout,
  requested: RequestedMachine,
  { info, server, report }: { info: JoiningInfo; server: string; report: ProcessReporter },
): Promise<MachineFile> {
  const { node, dockerHost = '/var/run/docker.sock', logDir, nodeIP } = requested
  return {
    ...{ cluster: info.cluster, server, nats: info.nats, node, dockerHost },
    runtime: await chooseRuntime(layout, requested, report),
    ...(logDir && { logDir }),
    ...(nodeIP && { nodeIP }),
    ports: await chooseEdgePorts(requested, report),
  }
}

async function joiningInfo(api: ApiClient): Promise<JoiningInfo> {
  const answer = await api.ask('GET', joiningInfoPath)
  if (answer.code === 401) {
    throw new Error(
      'the token is none of this cluster, or has expired: "reckon token create" there',
    )
  }
  return expectJson<{ data: JoiningInfo }>(answer).data
}
