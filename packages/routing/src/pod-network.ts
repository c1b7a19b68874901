import { addressText, isInCidr, isIpv4, type Node, parseCidr } from '@reckon/kubernetes'

/** A link of this machine, with its address there. */
export type MachineLink = { name: string; address: string; prefix: number; mtu: number }

/** This machine: its nodes and its links, without those of the cluster. */
export type PodMachine = {
  nodes: ReadonlySet<string>
  links: readonly MachineLink[]
  clusterCidr: string
}

/** How this machine reaches the pods of other machines. */
export type PodNetwork = {
  direct: readonly DirectRoute[]
  /** Absent where all other machines are on links of this one. */
  tunnel?: Tunnel
  /** The nodes whose machine cannot be reached. */
  unreached: readonly string[]
}

/** A pod range behind a machine on the same link. */
type DirectRoute = { range: string; via: string; link: string }

/** VXLAN to machines that are not on a link of this one. */
export type Tunnel = {
  /** The link and the source address. */
  link: string
  local: string
  /** The machine's address in the tunnel, from its own range and never given to a pod. */
  address: string
  mac: string
  mtu: number
  routes: readonly { range: string; peer: string }[]
  /** The other machines. */
  peers: readonly { address: string; mac: string }[]
}

/** The overhead of VXLAN over IPv4. */
const tunnelBytes = 50

/** The pod ranges of other machines and how to reach them: directly on a common link, otherwise by tunnel. */
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
 * The machine address of each node. A node that shares a machine has an address of its pod range: it is where the other
 * node with the same machine id is.
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

/** Derived from the machine's address, so both ends know it without an exchange. */
const macOf = (address: string): string =>
  [
    '02',
    'fe',
    ...address.split('.').map((part) => Number(part).toString(16).padStart(2, '0')),
  ].join(':')
