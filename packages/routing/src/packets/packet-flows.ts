/**
 * UDP flows whose endpoint has left cannot be reset: the kernel would keep sending them there as long as datagrams
 * come. So such a flow is moved to another conntrack zone, where it is unknown and is translated anew; the datagram
 * that revealed it is lost. There are several zones, so that a flow that is moved again does not return to a zone that
 * still knows it.
 */
const zoneCount = 8
/** Longer than the kernel keeps a silent flow (`nf_conntrack_udp_timeout_stream`, 120 s). */
const timeout = '180s'
const flow = 'ip saddr . udp sport . ip daddr . udp dport'

export const flowsMap =
  'map flows { type ipv4_addr . inet_service . ipv4_addr . inet_service : mark; flags dynamic,timeout; size 262144; }'

const zones = Array.from({ length: zoneCount }, (_, index) => index + 1)
const cases = (target: (zone: number) => string, from: readonly number[] = zones) =>
  `vmap { ${from.map((zone) => `${zone} : ${target(zone)}`).join(', ')} }`
const following = (zone: number) => (zone % zoneCount) + 1

/**
 * `flow-zones` handles packets before conntrack, `flow-left` those that conntrack sends to an endpoint that has left.
 */
export const flowChains = `  ${zones.map(zoneChain).join('\n  ')}
  chain flow-zones { meta mark set ${flow} map @flows meta mark ${cases((zone) => `goto flow-zone-${zone}`)}; }
  ${zones.map(moveChain).join('\n  ')}
  chain flow-left {
    ct original zone ${cases((zone) => `jump flow-to-${following(zone)}`, [0, ...zones])}
    drop
  }`

function zoneChain(zone: number): string {
  return `chain flow-zone-${zone} { update @flows { ${flow} timeout ${timeout} : ${zone} }; ct original zone set ${zone}; }`
}

/** The old entry is deleted first, because `update` keeps its value. */
function moveChain(zone: number): string {
  return `chain flow-to-${zone} { delete @flows { ${flow} : 0 }; update @flows { ${flow} timeout ${timeout} : ${zone} }; }`
}
