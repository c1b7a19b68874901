import type { Pod } from '@reckon/kubernetes'
import type { NodeSettings } from '@reckon/node-plane'
import { shortNameOf } from './sandbox-spec.ts'

/** The DNS settings of the cluster. */
export type DnsSettings = Pick<NodeSettings, 'clusterDns' | 'domain'>

/** The /etc/hosts of a pod's containers, as a kubelet writes it. */
export function hostsFile(pod: Pod, podIP: string | undefined, domain: string): string {
  const { subdomain } = pod.spec
  const host = shortNameOf(pod)
  const lines = [
    '# Kubernetes-managed hosts file.',
    '127.0.0.1\tlocalhost',
    '::1\tlocalhost ip6-localhost ip6-loopback',
    'fe00::0\tip6-localnet',
    'fe00::0\tip6-mcastprefix',
    'fe00::1\tip6-allnodes',
    'fe00::2\tip6-allrouters',
  ]
  if (podIP !== undefined) {
    const full = `${host}.${subdomain}.${pod.metadata.namespace}.svc.${domain}`
    lines.push(subdomain ? `${podIP}\t${full}\t${host}` : `${podIP}\t${host}`)
  }
  return `${lines.join('\n')}\n${aliasesOf(pod)}`
}

/** The /etc/hosts of a pod in the machine's own network: the machine's, with the pod's aliases. */
export const machineHosts = (pod: Pod, ofMachine: string): string =>
  `# Kubernetes-managed hosts file (host network).\n${ofMachine.trimEnd()}\n${aliasesOf(pod)}`

function aliasesOf({ spec: { hostAliases = [] } }: Pod): string {
  if (hostAliases.length === 0) return ''
  const lines = hostAliases.map(({ ip, hostnames = [] }) => `${ip}\t${hostnames.join('\t')}`)
  return `\n# Entries added by HostAliases.\n${lines.join('\n')}\n`
}

/** A kubelet's limits on search domains and servers. */
const searchesMax = 32
const serversMax = 3

/** The /etc/resolv.conf of a pod's containers, given the machine's; undefined where the machine's own is used. */
export function resolvConf(
  pod: Pod,
  { clusterDns, domain }: DnsSettings,
  ofMachine: string,
): string | undefined {
  const { dnsPolicy = 'ClusterFirst', dnsConfig = {}, hostNetwork } = pod.spec
  if (dnsPolicy === 'Default' || (dnsPolicy === 'ClusterFirst' && hostNetwork)) return undefined
  const fromCluster = dnsPolicy !== 'None'
  const namespace = pod.metadata.namespace ?? ''
  const ofCluster = [`${namespace}.svc.${domain}`, `svc.${domain}`, domain]
  const searches = fromCluster ? [...ofCluster, ...searchesOf(ofMachine)] : []
  const options = new Map<string, string | undefined>(fromCluster ? [['ndots', '5']] : [])
  for (const { name, value } of dnsConfig.options ?? []) if (name) options.set(name, value)
  const allSearches = [...new Set([...searches, ...(dnsConfig.searches ?? [])])]
  const servers = new Set([...(fromCluster ? [clusterDns] : []), ...(dnsConfig.nameservers ?? [])])
  const lines = [...servers].slice(0, serversMax).map((server) => `nameserver ${server}`)
  if (allSearches.length > 0) lines.push(`search ${allSearches.slice(0, searchesMax).join(' ')}`)
  if (options.size > 0) {
    const texts = [...options].map(([name, value]) =>
      value === undefined ? name : `${name}:${value}`,
    )
    lines.push(`options ${texts.join(' ')}`)
  }
  return `${lines.join('\n')}\n`
}

/** The machine's search domains: the last `search` line counts, as for its resolver. */
const searchesOf = (ofMachine: string): readonly string[] =>
  ofMachine
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .findLast(([keyword]) => keyword === 'search')
    ?.slice(1)
    .map((name) => name.replace(/(?<=.)\.$/, '')) ?? []
