import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Clock } from '@reckon/eventing/bus'
import type { NodeSettings } from '@reckon/node-plane'
import { hasCode } from '@reckon/process'
import type { OpenedDataplane } from './dataplane.ts'
import { HealthPorts } from './health-ports.ts'
import type { AnsweredQuery } from './names/dns-metrics.ts'
import { DnsServer } from './names/dns-server.ts'
import {
  type HostNetworkOptions,
  hairpinOf,
  removeDataplane,
  removePacketRules,
  settleHostNetwork,
} from './packets/host-network.ts'
import { IpBatch } from './packets/ip-batch.ts'
import { keepHostNetwork } from './packets/keep-host-network.ts'
import { MachineLook } from './packets/machine-look.ts'
import { MachinePods } from './packets/machine-pods.ts'
import { NftPackets } from './packets/nft-packets.ts'
import { settleWhereChanged } from './packets/settle-where-changed.ts'

export type MachineNetworkOptions = {
  clock: Clock
  /** Where this process remembers what it set up on the machine. */
  dataDir: string
  podBridge: string
  /** The nodes of this machine. */
  nodes: ReadonlySet<string>
  onFailure(error: unknown, what: string): void
  onUnreached(nodes: readonly string[]): void
  /** Called for each DNS query. */
  onAnswered(answered: AnsweredQuery): void
}

/** A file that says what was set up, for whoever removes it when nobody is left to ask for the cluster's settings. */
const recordOf = (dataDir: string): string => join(dataDir, 'network.json')

/** Sets up packet rules and DNS on this machine for the cluster; `keep` maintains them until its signal aborts. */
export async function openMachineNetwork(
  { serviceCidr, clusterCidr, clusterDns }: NodeSettings,
  { clock, dataDir, podBridge, nodes, onFailure, onUnreached, onAnswered }: MachineNetworkOptions,
): Promise<OpenedDataplane> {
  const network: HostNetworkOptions = {
    ...{ serviceCidr, clusterCidr, dnsAddress: clusterDns, podBridge },
  }
  await mkdir(dataDir, { recursive: true })
  await writeFile(recordOf(dataDir), JSON.stringify(network))
  await settleHostNetwork(network)
  const packets = new NftPackets({
    ranges: { serviceCidr, clusterCidr },
    scriptFile: join(dataDir, 'packets.nft'),
  })
  const names = new DnsServer({
    address: clusterDns,
    port: 53,
    resolvConf: '/etc/resolv.conf',
    onFailure: (error) => onFailure(error, 'a name could not be answered'),
    onAnswered,
  })
  const health = new HealthPorts()
  const pods = new MachinePods({ nodes, clusterCidr, podBridge, onUnreached })
  const look = new MachineLook(podBridge)
  const settle = settleWhereChanged(
    () => look.text(),
    async () => {
      await settleHostNetwork(network)
      await packets.restore()
      await pods.settle()
    },
  )
  const failed = (error: unknown) => onFailure(error, "the host's network failed")
  const batch = new IpBatch()
  const settlePorts = (ports: readonly string[]) =>
    batch.do(ports.map((port) => hairpinOf(port).join(' ')))
  const keep = (signal: AbortSignal) =>
    keepHostNetwork({ clock, podBridge, settle, settlePorts, onFailure: failed }, signal)
  return { packets, names, pods, health, keep }
}

/** Removes what was set up on this machine. */
export async function removeMachineNetwork(dataDir: string): Promise<void> {
  const network = await recordedNetwork(dataDir)
  if (network === undefined) return removePacketRules()
  await removeDataplane(network)
  await rm(recordOf(dataDir))
}

async function recordedNetwork(dataDir: string): Promise<HostNetworkOptions | undefined> {
  try {
    return JSON.parse(await readFile(recordOf(dataDir), 'utf8'))
  } catch (error) {
    if (!hasCode(error, 'ENOENT')) throw error
    return undefined
  }
}
