import { isInCidr, isIpv4 } from '@reckon/kubernetes'
import type { RoutedService, ServiceMap } from './service-map.ts'

/** A DNS record of the cluster. */
type DnsData =
  | { type: 'A'; address: string }
  | { type: 'CNAME'; target: string }
  | { type: 'SRV'; port: number; target: string }
  | { type: 'PTR'; target: string }
  | { type: 'NS'; target: string }
  | { type: 'TXT'; text: string }
  | DnsAuthority
/** The authority of the zone. */
export type DnsAuthority = { type: 'SOA'; server: string; contact: string }
export type DnsRecord = DnsData & { name: string }

/** The names of a cluster by Kubernetes' DNS specification 1.1.0, in lower case and without the trailing dot. */
export type DnsZone = {
  domain: string
  /** Address ranges whose reverse names belong to the cluster. */
  cidrs: readonly string[]
  /** The pod range: each address has a name in every namespace. */
  clusterCidr: string
  authority: DnsAuthority
  records: ReadonlyMap<string, readonly DnsRecord[]>
}

/**
 * An answer: `Outside` names belong to other servers; a name that exists without such a record has no answers; `alias`
 * is an external name at the end of a CNAME chain, whose address is still to be resolved.
 */
export type DnsAnswer =
  | { outcome: 'Outside' }
  | { outcome: 'NoSuchName' }
  | {
      outcome: 'Found'
      answers: readonly DnsRecord[]
      additionals: readonly DnsRecord[]
      alias?: string
    }

const aliasDepthMax = 8
/** The version of Kubernetes' DNS specification. */
const schemaVersion = '1.1.0'

/** The cluster's ranges, and the address of its DNS. */
export type DnsSettings = {
  domain: string
  clusterCidr: string
  serviceCidr: string
  clusterDns: string
}

/** The zone of a map of Services. */
export function dnsZone(services: ServiceMap, settings: DnsSettings): DnsZone {
  const { domain, clusterCidr, serviceCidr, clusterDns } = settings
  const server = `ns.dns.${domain}`
  const authority = { type: 'SOA', server, contact: `hostmaster.${domain}` } as const
  const records = new Map<string, DnsRecord[]>()
  const add = (name: string, data: DnsData) => {
    addName(records, name, domain)
    records.get(name)?.push({ ...data, name })
  }
  for (const name of [`svc.${domain}`, `pod.${domain}`]) addName(records, name, domain)
  addName(records, domain, domain)
  add(domain, authority)
  add(domain, { type: 'NS', target: server })
  add(server, { type: 'A', address: clusterDns })
  add(`dns-version.${domain}`, { type: 'TXT', text: schemaVersion })
  for (const service of services.values()) addService(add, service, domain)
  return { domain, cidrs: [clusterCidr, serviceCidr], clusterCidr, authority, records }
}

function addService(
  add: (name: string, data: DnsData) => void,
  service: RoutedService,
  domain: string,
): void {
  const name = `${service.name}.${service.namespace}.svc.${domain}`
  if (service.externalName !== undefined) {
    add(name, { type: 'CNAME', target: service.externalName.toLowerCase().replace(/\.$/, '') })
    return
  }
  for (const address of service.clusterIPs) {
    add(name, { type: 'A', address })
    add(reverseName(address), { type: 'PTR', target: name })
  }
  if (service.clusterIPs.length > 0) {
    for (const port of service.ports) {
      if (port.name === '') continue
      add(srvName(port, name), { type: 'SRV', port: port.port, target: name })
    }
    return
  }
  for (const { address, hostname, ports } of service.endpoints) {
    const target = `${hostname.toLowerCase()}.${name}`
    add(name, { type: 'A', address })
    add(target, { type: 'A', address })
    add(reverseName(address), { type: 'PTR', target })
    for (const port of ports) {
      if (port.name === '') continue
      add(srvName(port, name), { type: 'SRV', port: port.port, target })
    }
  }
}

/** Answers a question from the zone. */
export function resolveName(zone: DnsZone, question: { name: string; type: string }): DnsAnswer {
  let name = question.name.toLowerCase()
  const answers: DnsRecord[] = []
  for (let depth = 0; depth < aliasDepthMax; depth++) {
    const known = zone.records.get(name) ?? podRecords(zone, name)
    if (known === undefined) {
      if (answers.length > 0 && !isInside(zone, name)) {
        return { outcome: 'Found', answers, additionals: [], alias: name }
      }
      if (answers.length > 0) break
      return isInside(zone, name) ? { outcome: 'NoSuchName' } : { outcome: 'Outside' }
    }
    const alias = known.find((record) => record.type === 'CNAME')
    if (alias === undefined || question.type === 'CNAME') {
      answers.push(...known.filter(({ type }) => type === question.type || question.type === 'ANY'))
      break
    }
    answers.push(alias)
    name = alias.target
  }
  const targets = answers.flatMap((record) =>
    record.type === 'SRV' || record.type === 'NS' ? [record.target] : [],
  )
  const additionals = [...new Set(targets)].flatMap(
    (target) => zone.records.get(target)?.filter(({ type }) => type === 'A') ?? [],
  )
  return { outcome: 'Found', answers, additionals }
}

/** `10-244-1-5.shop.pod.cluster.local` is 10.244.1.5, whether or not such a pod exists. */
function podRecords(zone: DnsZone, name: string): readonly DnsRecord[] | undefined {
  const suffix = `.pod.${zone.domain}`
  if (!name.endsWith(suffix)) return undefined
  const [label = '', namespace, ...more] = name.slice(0, -suffix.length).split('.')
  // A namespace's name exists, but has no records of its own.
  if (namespace === undefined) return []
  const address = label.replaceAll('-', '.')
  if (more.length > 0 || !isIpv4(address) || !isInCidr(address, zone.clusterCidr)) return undefined
  return [{ type: 'A', name, address }]
}

function isInside(zone: DnsZone, name: string): boolean {
  if (name === zone.domain || name.endsWith(`.${zone.domain}`)) return true
  const octets = /^(\d+)\.(\d+)\.(\d+)\.(\d+)\.in-addr\.arpa$/.exec(name)?.slice(1)
  if (octets === undefined) return false
  const address = octets.reverse().join('.')
  return zone.cidrs.some((cidr) => isInCidr(address, cidr))
}

/** Adds a name and its parents: these exist, even without records of their own (RFC 8020). */
function addName(records: Map<string, DnsRecord[]>, name: string, domain: string): void {
  let current = name
  while (!records.has(current)) {
    records.set(current, [])
    if (!current.endsWith(`.${domain}`)) return
    current = current.slice(current.indexOf('.') + 1)
  }
}

const srvName = (port: { name: string; protocol: string }, service: string): string =>
  `_${port.name}._${port.protocol.toLowerCase()}.${service}`

const reverseName = (address: string): string =>
  `${address.split('.').reverse().join('.')}.in-addr.arpa`
