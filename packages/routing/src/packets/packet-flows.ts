/**
 * A datagram has no connection that could be reset: where its endpoint has left, the kernel would go on leading the
 * flow there as long as datagrams come. So such a flow is moved to another zone of connection tracking, where it is
 * unknown, and so led anew; the datagram that showed it is lost. There are several zones, so that a flow which is moved
 * again does not come back to what is still known of it.
 */
const zoneCount = 8
/** Longer than the kernel remembers a silent flow (`nf_conntrack_udp_timeout_stream`, 120 s). */
const timeout = '180s'
const flow = 'ip saddr . udp sport . ip daddr . udp dport'

export const flowsMap =
  'map flows { type ipv4_addr . inet_service . ipv4_addr . inet_service : mark; flags dynamic,timeout; size 262144; }'

const zones = Array.from({ length: zoneCount }, (_, index) => index + 1)
const cases = (target: (zone: number) => string, from: readonly number[] = zones) =>
  `vmap { ${from.map((zone) => `${zone} : ${target(zone)}`).join(', ')} }`
const following = (zone: number) => (zone % zoneCount) + 1

/**
 * `flow-zones` is for packets before connection tracking knows them, `flow-left` for those that it leads to an endpoint
 * which is none any more.
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

/** What is there is deleted first: `update` leaves the value as it was. */
function moveChain(zone: number): string {
  return `chain flow-to-${zone} { delete @flows { ${flow} : 0 }; update @flows { ${flow} timeout ${timeout} : ${zone} }; }`
}
