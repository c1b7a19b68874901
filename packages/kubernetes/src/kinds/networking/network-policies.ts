import { ageOf } from '../../human-duration.ts'
import type { NetworkPolicy, Undefaulted } from '../../object.ts'
import type { Resource } from '../../resource.ts'
import { ageColumn, nameColumn, selectorCell } from '../cells.ts'
import { plainKind } from '../plain-kind.ts'
import { validateNetworkPolicy } from './network-policy-validation.ts'

/** NetworkPolicy: names, defaults, rules and columns. */
export const networkPolicies: Resource<NetworkPolicy> = {
  ...plainKind,
  group: 'networking.k8s.io',
  version: 'v1',
  servedVersions: [{ group: 'networking.k8s.io', version: 'v1' }],
  plural: 'networkpolicies',
  singular: 'networkpolicy',
  kind: 'NetworkPolicy',
  listKind: 'NetworkPolicyList',
  namespaced: true,
  shortNames: ['netpol'],
  setDefaults(object: Undefaulted<NetworkPolicy>) {
    object.spec ??= { podSelector: {} }
    const { spec } = object
    spec.podSelector ??= {}
    spec.policyTypes ??= ['Ingress', ...(spec.egress?.length ? ['Egress'] : [])]
    for (const { ports = [] } of [...(spec.ingress ?? []), ...(spec.egress ?? [])]) {
      for (const port of ports) port.protocol ??= 'TCP'
    }
  },
  validate: (object) => validateNetworkPolicy(object),
  warnings: () => ['NetworkPolicies are kept: nothing keeps packets back by them on this server'],
  columns: [nameColumn, { name: 'Pod-Selector' }, ageColumn],
  row: ({ metadata, spec }, now) => [
    metadata.name,
    selectorCell(spec?.podSelector) || '<none>',
    ageOf(metadata.creationTimestamp, now),
  ],
}
