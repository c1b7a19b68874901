import { writeFile } from 'node:fs/promises'
import { messageOf } from '@reckon/kubernetes'
import { isBug } from '@reckon/process'
import type { MachineLink, PodNetwork, Tunnel } from '@reckon/routing'
import { addressOf } from './address-of.ts'
import { runCommand, succeeds } from './run-command.ts'

export const tunnelLink = 'reckon-vxlan'
/** Marks by which the kernel distinguishes our tunnel and routes from others. */
const tunnelId = 244
const routeProtocol = '244'
const tunnelPort = 4789

type Address = {
  ifname: string
  mtu: number
  addr_info: { family: string; local: string; prefixlen: number }[]
}
type Route = { dst: string; gateway?: string; dev: string }
type Link = {
  mtu: number
  address: string
  linkinfo: { info_data: { id: number; link?: string; local?: string } }
}
type Neighbour = { dst: string; lladdr?: string }
type Entry = { mac: string; dst?: string }

/** This machine's links with an address, except loopback and those of the cluster. */
export async function machineLinks(podBridge: string): Promise<MachineLink[]> {
  const text = await runCommand('ip', '-j', '-4', 'address', 'show', 'up')
  const links: Address[] = JSON.parse(text)
  return links
    .filter(({ ifname }) => !['lo', podBridge, 'reckon-dns', tunnelLink].includes(ifname))
    .flatMap(({ ifname: name, mtu, addr_info }) =>
      addr_info
        .filter(({ family }) => family === 'inet')
        .map(({ local: address, prefixlen: prefix }) => ({ name, mtu, address, prefix })),
    )
}

/**
 * Brings the kernel's routes and the tunnel to the wanted state; changes only what differs, and only what is ours.
 * Throws after everything possible is done.
 */
export async function settlePodNetwork(network: PodNetwork, podBridge: string): Promise<void> {
  const { direct, tunnel } = network
  const failures: unknown[] = []
  const failed = (error: unknown) => failures.push(error)
  if (tunnel) await settleTunnel(tunnel).catch(failed)
  else await succeeds('ip', 'link', 'del', tunnelLink)
  const wanted = new Map([
    ...direct.map(({ range, via, link }) => routeOf(range, via, link)),
    ...(tunnel?.routes ?? []).map(({ range, peer }) =>
      routeOf(range, peer, tunnelLink, 'onlink', 'src', tunnel?.address ?? ''),
    ),
  ])
  const present = new Map(
    (await json<Route>('ip', '-j', 'route', 'show', 'proto', routeProtocol)).map(
      ({ dst, gateway = '', dev }) => routeOf(dst, gateway, dev),
    ),
  )
  for (const [key, route] of present) {
    if (!wanted.has(key)) await succeeds('ip', 'route', 'del', ...route)
  }
  for (const [key, route] of wanted) {
    // Added rather than replaced: another program's route to the same destination stays, and is
    // reported.
    if (!present.has(key)) await runCommand('ip', 'route', 'add', ...route).catch(failed)
  }
  if (wanted.size > 0) await answerForOthers(podBridge)
  if (failures.length > 0)
    throw failures.find(isBug) ?? new Error(failures.map(messageOf).join('; '))
}

/** Removes the routes to other machines. */
export async function removePodNetwork(podBridge: string): Promise<void> {
  await settlePodNetwork({ direct: [], unreached: [] }, podBridge)
}

const routeOf = (range: string, via: string, link: string, ...more: string[]) =>
  [
    `${range} ${via} ${link}`,
    [range, 'via', via, 'dev', link, ...more, 'proto', routeProtocol],
  ] as const

/** For a pod, all pods are on its own link, so the machine answers ARP for those elsewhere, without delay. */
async function answerForOthers(podBridge: string): Promise<void> {
  if (!(await succeeds('ip', 'link', 'show', 'dev', podBridge))) return
  await writeFile(`/proc/sys/net/ipv4/conf/${podBridge}/proxy_arp`, '1')
  await writeFile(`/proc/sys/net/ipv4/neigh/${podBridge}/proxy_delay`, '0')
}

async function settleTunnel(tunnel: Tunnel): Promise<void> {
  const { link, local, address, mac, mtu, peers } = tunnel
  if (!(await isAsWanted(tunnel))) {
    await succeeds('ip', 'link', 'del', tunnelLink)
    const over = ['dev', link, 'local', local, 'dstport', String(tunnelPort), 'nolearning']
    const own = ['address', mac, 'mtu', String(mtu)]
    const kind = ['type', 'vxlan', 'id', String(tunnelId), ...over]
    await runCommand('ip', 'link', 'add', tunnelLink, ...own, ...kind)
  }
  // The kernel also reports an address that is replaced by itself, which would trigger this again.
  if ((await addressOf(tunnelLink)) !== address) {
    await runCommand('ip', 'address', 'flush', 'dev', tunnelLink)
    await runCommand('ip', 'address', 'add', `${address}/32`, 'dev', tunnelLink)
  }
  await runCommand('ip', 'link', 'set', tunnelLink, 'up')
  const macs = new Map(peers.map((peer) => [peer.address, peer.mac]))
  const neighbours = await json<Neighbour>('ip', '-j', 'neighbour', 'show', 'dev', tunnelLink)
  for (const { dst } of neighbours) {
    if (!macs.has(dst)) await succeeds('ip', 'neighbour', 'del', dst, 'dev', tunnelLink)
  }
  const entries = await json<Entry>('bridge', '-j', 'fdb', 'show', 'dev', tunnelLink)
  for (const { mac: known, dst } of entries) {
    if (dst === undefined || macs.get(dst) === known) continue
    await succeeds('bridge', 'fdb', 'del', known, 'dev', tunnelLink, 'dst', dst)
  }
  for (const peer of peers) {
    const isKnown = neighbours.some((each) => each.dst === peer.address && each.lladdr === peer.mac)
    const isLed = entries.some((each) => each.dst === peer.address && each.mac === peer.mac)
    const to = ['lladdr', peer.mac, 'dev', tunnelLink, 'nud', 'permanent']
    if (!isKnown) await runCommand('ip', 'neighbour', 'replace', peer.address, ...to)
    if (isLed) continue
    await runCommand('bridge', 'fdb', 'replace', peer.mac, 'dev', tunnelLink, 'dst', peer.address)
  }
}

async function isAsWanted({ link, local, mac, mtu }: Tunnel): Promise<boolean> {
  if (!(await succeeds('ip', 'link', 'show', 'dev', tunnelLink))) return false
  const [found] = await json<Link>('ip', '-j', '-d', 'link', 'show', 'dev', tunnelLink)
  const { link: over, local: from } = found?.linkinfo.info_data ?? {}
  return found?.address === mac && found.mtu === mtu && over === link && from === local
}

async function json<T>(...command: readonly [string, ...string[]]): Promise<T[]> {
  const text = await runCommand(...command)
  return text.trim() === '' ? [] : JSON.parse(text)
}
