import { masqueradeMark, serviceMark, toldMark } from './packet-choice.ts'
import { flowChains, flowsMap } from './packet-flows.ts'
import { affinityMap, type MapName, packetMaps } from './packet-maps.ts'
import type { Elements, PacketRules } from './packet-rules.ts'

/** Our nftables table; nothing else in the kernel's rules is touched. */
export const packetTable = 'ip reckon'

const noRules: PacketRules = { maps: new Map(), chains: new Map() }
const noElements: Elements = new Map()

/** The ranges of addresses of the cluster's Services and pods. */
export type PacketRanges = { serviceCidr: string; clusterCidr: string }

/** An nftables script that replaces the whole table in one transaction. */
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
 * Translates new connections. External clients may get fewer endpoints than internal ones. Between pods the source
 * address is fixed, so that nobody's later rules masquerade connections that leave the machine.
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
 * Ends connections whose endpoint has left: TCP is reset on both sides, and the next datagram is sent elsewhere. This
 * happens before address translation, so that a reset comes from the address that the client used. A client that only
 * waits would never be reset by its own packets, so what the endpoint still sends is turned into the client's reset,
 * and only then is the endpoint itself reset.
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

/**
 * Rejects connections to addresses without endpoints at once, and packets to the loopback that do not come from the
 * machine itself.
 */
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

/** The minimal script from one set of rules to another, as one transaction; empty where they are equal. */
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
  // An element is deleted before its successor with the same key is added; a chain is deleted when
  // nothing refers to it.
  const lines = [
    ...removed,
    ...added,
    ...unused.map((chain) => `delete chain ${packetTable} ${chain}`),
  ]
  return lines.map((line) => `${line}\n`).join('')
}

const elementsOf = ({ maps }: PacketRules, name: MapName): Elements => maps.get(name) ?? noElements

/** The elements of `one` that `other` lacks or has with other data. */
function differing(one: Elements, other: Elements): [string, string | undefined][] {
  const found: [string, string | undefined][] = []
  for (const [key, data] of one) {
    if (other.get(key) !== data || !other.has(key)) found.push([key, data])
  }
  return found
}
