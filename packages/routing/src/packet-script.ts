import { type Elements, masqueradeMark, type PacketRules } from './packet-rules.ts'

/** The nftables table that is ours; nothing else in the kernel's rules is touched. */
export const packetTable = 'ip reckon'

const mapNames = ['clusterIps', 'endpoints', 'nodePorts', 'nodePortEndpoints', 'hairpins'] as const
type MapName = (typeof mapNames)[number]

const maps: Record<MapName, { name: string; declaration: string }> = {
  clusterIps: {
    name: 'cluster-ips',
    declaration: 'map cluster-ips { type ipv4_addr . inet_proto . inet_service : verdict; }',
  },
  endpoints: {
    name: 'endpoints',
    declaration:
      'map endpoints { type ipv4_addr . inet_proto . inet_service . mark : ipv4_addr . inet_service; }',
  },
  nodePorts: {
    name: 'node-ports',
    declaration: 'map node-ports { type inet_proto . inet_service : verdict; }',
  },
  nodePortEndpoints: {
    name: 'node-port-endpoints',
    declaration:
      'map node-port-endpoints { type inet_proto . inet_service . mark : ipv4_addr . inet_service; }',
  },
  hairpins: {
    name: 'hairpins',
    declaration: 'set hairpins { type ipv4_addr . ipv4_addr; }',
  },
}

const noRules: PacketRules = {
  clusterIps: new Map(),
  endpoints: new Map(),
  nodePorts: new Map(),
  nodePortEndpoints: new Map(),
  hairpins: new Map(),
  chains: new Map(),
}

/**
 * An nftables script that puts the whole table in place of whatever was there before, in one
 * transaction.
 */
export function fullPacketScript(rules: PacketRules, serviceCidr: string): string {
  return `table ${packetTable}
delete table ${packetTable}
table ${packetTable} {
  ${mapNames.map((name) => maps[name].declaration).join('\n  ')}
  chain dispatch {
    ip daddr . meta l4proto . th dport vmap @cluster-ips
    fib daddr type local meta l4proto . th dport vmap @node-ports
  }
  chain prerouting { type nat hook prerouting priority -110; policy accept; jump dispatch; }
  chain output { type nat hook output priority -110; policy accept; jump dispatch; }
  chain postrouting {
    type nat hook postrouting priority 90; policy accept;
    ct mark & ${masqueradeMark} == ${masqueradeMark} masquerade
    ct status dnat ip saddr . ip daddr @hairpins masquerade
  }
  chain guard-loopback {
    type filter hook prerouting priority -300; policy accept;
    iifname != "lo" ip daddr 127.0.0.0/8 drop
  }
  chain reject-unserved {
    meta l4proto tcp reject with tcp reset
    reject
  }
  chain guard-forward { type filter hook forward priority 0; policy accept; ip daddr ${serviceCidr} goto reject-unserved; }
  chain guard-output { type filter hook output priority 0; policy accept; ip daddr ${serviceCidr} goto reject-unserved; }
}
${packetScriptDelta(noRules, rules)}`
}

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
  for (const mapName of mapNames) {
    const { name } = maps[mapName]
    const gone = differing(before[mapName], after[mapName]).map(([key]) => key)
    const come = differing(after[mapName], before[mapName]).map(([key, data]) =>
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

/** What `one` has that `other` lacks or has otherwise. */
function differing(one: Elements, other: Elements): [string, string | undefined][] {
  return [...one].filter(([key, data]) => !other.has(key) || other.get(key) !== data)
}
