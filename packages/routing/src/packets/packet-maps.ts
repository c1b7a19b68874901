const address = 'ipv4_addr . inet_proto . inet_service'
const nodePort = 'inet_proto . inet_service'
const endpoint = 'ipv4_addr . inet_service'

/** The maps and sets whose elements follow from Services, as nftables declares them; sets have no data. */
export const packetMaps = {
  // `10.96.0.7 . tcp . 80` → `goto address-3`
  addresses: `map addresses { type ${address} : verdict; }`,
  'addresses-outside': `map addresses-outside { type ${address} : verdict; }`,
  // `10.96.0.7 . tcp . 80 . 0` → `10.244.1.5 . 8080`: the endpoint of that number; with session affinity, of that id
  'address-endpoints': `map address-endpoints { type ${address} . mark : ${endpoint}; }`,
  // With session affinity: the id of the endpoint of that number
  'address-endpoint-ids': `map address-endpoint-ids { type ${address} . mark : mark; }`,
  // `10.96.0.7 . tcp . 80 . 10.244.1.5 . 8080`: connections so led may go on
  'address-served': `set address-served { type ${address} . ${endpoint}; }`,
  'node-ports': `map node-ports { type ${nodePort} : verdict; }`,
  'node-ports-outside': `map node-ports-outside { type ${nodePort} : verdict; }`,
  'node-port-endpoints': `map node-port-endpoints { type ${nodePort} . mark : ${endpoint}; }`,
  'node-port-endpoint-ids': `map node-port-endpoint-ids { type ${nodePort} . mark : mark; }`,
  'node-port-served': `set node-port-served { type ${nodePort} . ${endpoint}; }`,
  // A pod that connects to itself through a Service must see another source address.
  hairpins: 'set hairpins { type ipv4_addr . ipv4_addr; }',
}
export type MapName = keyof typeof packetMaps

/** Filled by packets: the endpoint of each client of a Service with session affinity. */
export const affinityMap =
  'map affinity { type ipv4_addr . ipv4_addr . inet_proto . inet_service : mark; flags dynamic,timeout; size 262144; }'
