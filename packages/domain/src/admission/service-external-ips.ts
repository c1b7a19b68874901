import {
  forbidden,
  invalid,
  invalidValue,
  isInCidr,
  isIpv4,
  isOf,
  type KubernetesObject,
  nodes,
  services,
} from '@reckon/kubernetes'
import type { ClusterSettings } from '../cluster.ts'
import type { AdmissionPlugin, OtherObjects } from './admission.ts'

/**
 * Nobody may redirect other machines' connections to their own pods (CVE-2020-8554). A Service may have no external
 * addresses unless the cluster was founded to allow them, and then none that is in use within the cluster. Existing
 * ones may be kept or removed.
 */
export const serviceExternalIps: AdmissionPlugin = {
  name: 'DenyServiceExternalIPs',
  admit({ object, before }, others) {
    const had = new Set(externalIpsOf(before))
    const wanted = externalIpsOf(object)
    if (wanted.every((ip) => had.has(ip))) return
    const settings = others.cluster?.settings
    if (!settings?.allowsExternalIPs) {
      const why = 'Use of external IPs is denied by admission control'
      throw forbidden(services, object.metadata.name, why)
    }
    const problems = wanted.flatMap((ip, index) => {
      const problem = had.has(ip) ? '' : problemOf(ip, settings, others)
      return problem === '' ? [] : [invalidValue(`spec.externalIPs[${index}]`, ip, problem)]
    })
    if (problems.length > 0) throw invalid(services, object.metadata.name, problems)
  },
}

const externalIpsOf = (object: KubernetesObject | undefined): readonly string[] =>
  object && isOf(services, object) ? (object.spec.externalIPs ?? []) : []

/** The first four in the words of upstream's validation (`ValidateNonSpecialIP`). */
const reserved = [
  ['0.0.0.0/32', 'may not be unspecified (0.0.0.0 or ::)'],
  ['127.0.0.0/8', 'may not be in the loopback range (127.0.0.0/8, ::1/128)'],
  ['169.254.0.0/16', 'may not be in the link-local range (169.254.0.0/16, fe80::/10)'],
  ['224.0.0.0/24', 'may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)'],
  ['0.0.0.0/8', 'must be the address of one machine'],
  ['224.0.0.0/3', 'must be the address of one machine'],
] as const

/** Why a Service may not have this address; empty where it may. */
function problemOf(ip: string, settings: ClusterSettings, others: OtherObjects): string {
  if (!isIpv4(ip)) return 'must be an IPv4 address: this cluster has no others'
  const { clusterCidr, serviceCidr } = settings
  const ranges = [
    ...reserved,
    [clusterCidr, `may not be an address of pods (${clusterCidr})`],
    [serviceCidr, `may not be an address of Services (${serviceCidr})`],
  ] as const
  const range = ranges.find(([cidr]) => isInCidr(ip, cidr))
  if (range) return range[1]
  const node = others
    .list(nodes)
    .find(({ object }) => object.status?.addresses?.some(({ address }) => address === ip))
  return node ? `may not be an address of node "${node.object.metadata.name}"` : ''
}
