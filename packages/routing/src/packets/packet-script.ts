import { masqueradeMark, serviceMark, toldMark } from './packet-choice.ts'
import { flowChains, flowsMap } from './packet-flows.ts'
import { affinityMap, type MapName, packetMaps } from './packet-maps.ts'
import type { Elements, PacketRules } from './packet-rules.ts'

/** The nftables table that is ours; nothing else in the kernel's rules is touched. */
export const packetTable = 'ip reckon'

const noRules: PacketRules = { maps: new Map(), chains: new Map() }
const noElements: Elements = new Map()

/** The ranges of addresses of the cluster's Services and pods. */
export type PacketRanges = { serviceCidr: string; clusterCidr: string }

/**
 * An nftables script that puts the whole table in place of whatever was there before, in one
 * transaction.
 */
export function fullPacketScript(rules: PacketRules, ranges: PacketRanges): string {
  return `table ${packetTable}
delete table ${packetTable}
table ${packetTable} {
  ${[...Object.values(packetMaps), affinityMap, flowsMap].join('\n  ')}
${dispatchChains(ranges)}
${flowChains}
${leftChains}
${guardChains(ranges)}
}
${packetScriptDelta(noRules, rules)}`
}

/**
 * Which new connection goes where. A client from outside may see fewer endpoints than one from inside. Between pods
 * addresses stay what they are, whoever would translate them later for having another machine's as their end.
 */
const dispatchChains = ({ clusterCidr }: PacketRanges): string => `  chain dispatch-outside {
    ip daddr . meta l4proto . th dport vmap @addresses-outside
    fib daddr type local meta l4proto . th dport vmap @node-ports-outside
  }
  chain dispatch {
    ip saddr != ${clusterCidr} fib saddr type != local jump dispatch-outside
    ip daddr . meta l4proto . th dport vmap @addresses
    fib daddr type local meta l4proto . th dport vmap @node-ports
  }
  chain prerouting { type nat hook prerouting priority -110; policy accept; jump dispatch; }
  chain output { type nat hook output priority -110; policy accept; jump dispatch; }
  chain postrouting {
    type nat hook postrouting priority 90; policy accept;
    ct mark & ${masqueradeMark} == ${masqueradeMark} masquerade
    ct status dnat ip saddr . ip daddr @hairpins masquerade
    ip saddr ${clusterCidr} ip daddr ${clusterCidr} snat to ip saddr
  }`

/**
 * What becomes of connections whose endpoint has left: TCP ends for both, the next datagram is led elsewhere. Before
 * addresses are translated, so that a reset comes from the address that the client asked. Who waits for an answer and
 * sends nothing would never be reset: what the endpoint still sends becomes the client's reset, and only what it sends
 * then its own.
 */
const leftChains = `  chain endpoint-left {
    ct direction reply meta l4proto tcp ct mark & ${toldMark} == 0 ct mark set ct mark | ${toldMark} tcp flags set rst accept
    meta l4proto tcp reject with tcp reset
    ct direction original meta l4proto udp goto flow-left
    drop
  }
  chain served {
    tcp flags & rst == rst return
    ${served('original', 'tcp')}
    ${served('original', 'udp')}
    ${served('reply', 'tcp')}
    ${served('reply', 'udp')}
    goto endpoint-left
  }
  chain zones-prerouting { type filter hook prerouting priority -300; policy accept; meta l4proto udp jump flow-zones; }
  chain zones-output { type filter hook output priority -300; policy accept; meta l4proto udp jump flow-zones; }
  chain served-prerouting {
    type filter hook prerouting priority -150; policy accept;
    ct mark & ${serviceMark} == ${serviceMark} jump served
  }
  chain served-output {
    type filter hook output priority -150; policy accept;
    ct mark & ${serviceMark} == ${serviceMark} jump served
  }`

function served(direction: 'original' | 'reply', protocol: 'tcp' | 'udp'): string {
  const [address, port, endpoint] =
    direction === 'original'
      ? ['ip daddr', `${protocol} dport`, 'ct reply ip saddr . ct reply proto-src']
      : ['ct original ip daddr', 'ct original proto-dst', `ip saddr . ${protocol} sport`]
  const key = `meta l4proto . ${port} . ${endpoint}`
  const when = `ct direction ${direction} meta l4proto ${protocol}`
  return `${when} ${address} . ${key} @address-served return
    ${when} ${key} @node-port-served return`
}

/** What nobody serves is refused at once; what is for the machine itself comes from itself. */
const guardChains = ({ serviceCidr }: PacketRanges): string => `  chain guard-loopback {
    type filter hook prerouting priority -300; policy accept;
    iifname != "lo" ip daddr 127.0.0.0/8 drop
  }
  chain reject-unserved {
    meta l4proto tcp reject with tcp reset
    reject
  }
  chain guard-forward { type filter hook forward priority 0; policy accept; ip daddr ${serviceCidr} goto reject-unserved; }
  chain guard-output { type filter hook output priority 0; policy accept; ip daddr ${serviceCidr} goto reject-unserved; }`

/**
 * The least that leads from one set of rules to the other, as one transaction; empty when they are
 * equal.
 */
export function packetScriptDelta(before: PacketRules, after: PacketRules): string {
  const added: string[] = []
  const removed: string[] = []
  for (const [chain, rules] of after.chains) {
    if (before.chains.has(chain)) continue
    added.push(`add chain ${packetTable} ${chain}`)
    for (const rule of rules) added.push(`add rule ${packetTable} ${chain} ${rule}`)
  }
  for (const name of [...new Set([...before.maps.keys(), ...after.maps.keys()])].sort()) {
    const [earlier, later] = [elementsOf(before, name), elementsOf(after, name)]
    const gone = differing(earlier, later).map(([key]) => key)
    const come = differing(later, earlier).map(([key, data]) =>
      data === undefined ? key : `${key} : ${data}`,
    )
    if (gone.length > 0) {
      removed.push(`delete element ${packetTable} ${name} { ${gone.join(', ')} }`)
    }
    if (come.length > 0) added.push(`add element ${packetTable} ${name} { ${come.join(', ')} }`)
  }
  const unused = [...before.chains.keys()].filter((chain) => !after.chains.has(chain))
  // An element is removed before its successor with the same key is added; a chain goes when
  // nothing leads to it.
  const lines = [
    ...removed,
    ...added,
    ...unused.map((chain) => `delete chain ${packetTable} ${chain}`),
  ]
  return lines.map((line) => `${line}\n`).join('')
}

const elementsOf = ({ maps }: PacketRules, name: MapName): Elements => maps.get(name) ?? noElements

/** What `one` has that `other` lacks or has otherwise. */
function differing(one: Elements, other: Elements): [string, string | undefined][] {
  const found: [string, string | undefined][] = []
  for (const [key, data] of one) {
    if (other.get(key) !== data || !other.has(key)) found.push([key, data])
  }
  return found
}
