import { addressText, isInCidr, isIpv4, type Node, parseCidr } from '@reckon/kubernetes'

/** A link of this machine, with its address there. */
export type MachineLink = { name: string; address: string; prefix: number; mtu: number }

/** What this machine is: its nodes and its links, without those that are the cluster's own. */
export type PodMachine = {
  nodes: ReadonlySet<string>
  links: readonly MachineLink[]
  clusterCidr: string
}

/** How pods of other machines are reached from this one. */
export type PodNetwork = {
  direct: readonly DirectRoute[]
  /** Absent where all other machines are on links of this one. */
  tunnel?: Tunnel
  /** The nodes that are on no machine that is known to be reached. */
  unreached: readonly string[]
}

/** A range of pods behind a machine on the same link. */
type DirectRoute = { range: string; via: string; link: string }

/** VXLAN to machines that are reached through others. */
export type Tunnel = {
  /** Over which link it goes, from which address. */
  link: string
  local: string
  /** The machine's own address within it; of its own range, and given to no pod. */
  address: string
  mac: string
  mtu: number
  routes: readonly { range: string; peer: string }[]
  /** The machines at its other ends. */
  peers: readonly { address: string; mac: string }[]
}

/** What VXLAN over IPv4 adds to a packet. */
const tunnelBytes = 50

/**
 * From which machines the ranges of pods are, as this machine reaches them: plainly on a link of its own, else by
 * tunnel.
 */
export function podNetwork(nodes: readonly Node[], machine: PodMachine): PodNetwork {
  const addresses = addressesOf(nodes, machine.clusterCidr)
  const own = nodes.filter(({ metadata }) => machine.nodes.has(metadata.name))
  const ownAddress = addresses.get(own[0]?.metadata.name ?? '')
  const [ownRange] = own.flatMap(rangesOf).sort()
  const direct: DirectRoute[] = []
  const tunnelled: { range: string; peer: string }[] = []
  const unreached: string[] = []
  const base = machine.links.find(({ address }) => address === ownAddress)
  for (const node of nodes) {
    const { name } = node.metadata
    const peer = addresses.get(name)
    if (machine.nodes.has(name) || (peer !== undefined && peer === ownAddress)) continue
    const link = peer && machine.links.find((each) => isOn(each, peer))
    for (const range of rangesOf(node)) {
      if (peer && link) direct.push({ range, via: peer, link: link.name })
      else if (peer && base && ownRange) tunnelled.push({ range, peer })
      else unreached.push(name)
    }
  }
  return {
    direct,
    ...(base && ownRange && tunnelled.length > 0 && { tunnel: tunnel(base, ownRange, tunnelled) }),
    unreached,
  }
}

function tunnel(base: MachineLink, ownRange: string, routes: Tunnel['routes']): Tunnel {
  const peers = [...new Set(routes.map(({ peer }) => peer))]
  return {
    link: base.name,
    local: base.address,
    address: addressText(parseCidr(ownRange).first),
    mac: macOf(base.address),
    mtu: base.mtu - tunnelBytes,
    routes,
    peers: peers.map((address) => ({ address, mac: macOf(address) })),
  }
}

/**
 * By node, the address of its machine. A node that shares one has an address of its pods' range: it is where the node
 * with the same machine id is.
 */
function addressesOf(
  nodes: readonly Node[],
  clusterCidr: string,
): ReadonlyMap<string, string | undefined> {
  const addressOf = ({ status }: Node): string | undefined =>
    status?.addresses?.find(
      ({ type, address }) =>
        type === 'InternalIP' && isIpv4(address) && !isInCidr(address, clusterCidr),
    )?.address
  const idOf = ({ status }: Node): string => status?.nodeInfo?.machineID ?? ''
  const ofMachine = new Map<string, string>()
  for (const node of nodes) {
    const address = addressOf(node)
    if (address && idOf(node) && !ofMachine.has(idOf(node))) ofMachine.set(idOf(node), address)
  }
  return new Map(
    nodes.map((node) => [node.metadata.name, addressOf(node) ?? ofMachine.get(idOf(node))]),
  )
}

const rangesOf = ({ spec }: Node): string[] => (spec.podCIDR ? [spec.podCIDR] : [])

const isOn = ({ address, prefix }: MachineLink, other: string): boolean =>
  isInCidr(other, `${address}/${prefix}`)

/** Both ends know it without a word: it follows from the machine's address. */
const macOf = (address: string): string =>
  [
    '02',
    'fe',
    ...address.split('.').map((part) => Number(part).toString(16).padStart(2, '0')),
  ].join(':')
