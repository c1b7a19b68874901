import { writeFile } from 'node:fs/promises'
import { hasCode } from '@reckon/process'
import { addressOf } from './address-of.ts'
import { allowForwarding, disallowForwarding } from './docker-forwarding.ts'
import { runCommand, succeeds } from './run-command.ts'
import { removePodNetwork } from './settle-pod-network.ts'

export type HostNetworkOptions = {
  serviceCidr: string
  /** The address range of the pods of all machines. */
  clusterCidr: string
  /** The address of the cluster's DNS, on a link of its own. */
  dnsAddress: string
  /** The bridge of the pods; the agent's engine may create it later. */
  podBridge: string
}

const dnsLink = 'reckon-dns'

type Link = { ifname: string; linkinfo?: { info_slave_data?: { hairpin?: boolean } } }

/**
 * Sets up everything on this machine that packets to Services need besides the table of rules. Running it again changes
 * only what is missing.
 */
export async function settleHostNetwork(options: HostNetworkOptions): Promise<void> {
  await settleDnsLink(options.dnsAddress)
  await allowForwarding(options)
  await settlePodBridge(options)
}

/** Removes everything, including the table of rules. */
export async function removeDataplane(options: HostNetworkOptions): Promise<void> {
  await removePodNetwork(options.podBridge)
  await succeeds('ip', 'route', 'del', options.serviceCidr)
  await removePacketRules()
  await disallowForwarding(options)
}

/** Removes the table of rules and the DNS link, which have the same names in every cluster. */
export async function removePacketRules(): Promise<void> {
  // Add it first, so that deleting need not check whether it exists.
  await runCommand('nft', 'add table ip reckon; delete table ip reckon')
  await succeeds('ip', 'link', 'del', dnsLink)
}

async function settleDnsLink(address: string): Promise<void> {
  // A bridge without ports is a link type that every kernel has.
  if (!(await succeeds('ip', 'link', 'show', 'dev', dnsLink))) {
    await runCommand('ip', 'link', 'add', dnsLink, 'type', 'bridge')
    await runCommand('ip', 'link', 'set', dnsLink, 'up')
  }
  if ((await addressOf(dnsLink)) !== address) {
    await runCommand('ip', 'address', 'replace', `${address}/32`, 'dev', dnsLink)
  }
}

async function settlePodBridge({ podBridge, serviceCidr, dnsAddress }: HostNetworkOptions) {
  const gateway = await addressOf(podBridge)
  if (gateway === undefined) {
    // Without pods the range needs a route, too: its packets must not leave by the default one.
    await settleRoute(serviceCidr, dnsLink, dnsAddress)
    return
  }
  await settleRoute(serviceCidr, podBridge, gateway)
  // Node ports answer on 127.0.0.1, too; the table drops such packets from outside.
  await writeFile(`/proc/sys/net/ipv4/conf/${podBridge}/route_localnet`, '1')
  for (const port of await portsOf(podBridge)) {
    // The pod may be gone by now, and its port with it.
    if (!port.linkinfo?.info_slave_data?.hairpin) await succeeds('ip', ...hairpinOf(port.ifname))
  }
  await settleBridgeFilter()
}

/** Hairpin mode: lets a pod reach itself through a Service, by sending packets out of the port they came from. */
export const hairpinOf = (port: string) =>
  ['link', 'set', 'dev', port, 'type', 'bridge_slave', 'hairpin', 'on'] as const

async function settleRoute(cidr: string, link: string, source: string): Promise<void> {
  await runCommand('ip', 'route', 'replace', cidr, 'dev', link, 'src', source)
}

/** Answers between pods of one bridge must pass the rules that translated the request's address. */
async function settleBridgeFilter(): Promise<void> {
  const setting = '/proc/sys/net/bridge/bridge-nf-call-iptables'
  try {
    await writeFile(setting, '1')
  } catch (error) {
    if (!hasCode(error, 'ENOENT')) throw error
    await runCommand('modprobe', 'br_netfilter')
    await writeFile(setting, '1')
  }
}

async function portsOf(bridge: string): Promise<Link[]> {
  const text = await runCommand('ip', '-j', '-d', 'link', 'show', 'master', bridge)
  return text.trim() === '' ? [] : (JSON.parse(text) as Link[])
}
