import { ageOf } from '../../human-duration.ts'
import type { Ingress, IngressBackend, Undefaulted } from '../../object.ts'
import type { Resource } from '../../resource.ts'
import { ageColumn, firstThree, nameColumn } from '../cells.ts'
import { loadBalancerErrors } from '../load-balancer-status.ts'
import { plainKind } from '../plain-kind.ts'
import { ingressOptions, unknownOptions } from './ingress-options.ts'
import { ingressV1beta1 } from './ingress-v1beta1.ts'
import { validateIngress } from './ingress-validation.ts'

/** Ingress: names, defaults, rules and columns. */
export const ingresses: Resource<Ingress> = {
  ...plainKind,
  group: 'networking.k8s.io',
  version: 'v1',
  servedVersions: [
    { group: 'networking.k8s.io', version: 'v1' },
    {
      group: 'networking.k8s.io',
      version: 'v1beta1',
      deprecated: 'v1.19+, unavailable in v1.22+',
    },
    { group: 'extensions', version: 'v1beta1', deprecated: 'v1.14+, unavailable in v1.22+' },
  ],
  plural: 'ingresses',
  singular: 'ingress',
  kind: 'Ingress',
  listKind: 'IngressList',
  namespaced: true,
  shortNames: ['ing'],
  subresources: ['status'],
  conversions: {
    'networking.k8s.io/v1beta1': ingressV1beta1,
    'extensions/v1beta1': ingressV1beta1,
  },
  setDefaults: (object) => {
    object.spec ??= {}
  },
  validate: (object) => [...validateIngress(object), ...ingressOptions(object).errors],
  validateStatus: ({ status }) => loadBalancerErrors(status?.loadBalancer),
  warnings: ({ metadata, spec }) => [
    ...unknownOptions(metadata?.annotations).map(
      (name) => `metadata.annotations[${name}]: nobody reads it on this server`,
    ),
    ...backendsOf(spec).flatMap(({ resource }) => (resource ? [unservedResource(resource)] : [])),
  ],
  hosts: ({ spec }) => [...new Set((spec.rules ?? []).map(({ host = '' }) => host))],
  columns: [
    nameColumn,
    { name: 'Class' },
    { name: 'Hosts' },
    { name: 'Address' },
    { name: 'Ports' },
    ageColumn,
  ],
  row: (object, now) => {
    const { metadata, spec, status } = object
    const hosts = (spec.rules ?? []).flatMap(({ host }) => (host ? [host] : []))
    const addresses = (status?.loadBalancer?.ingress ?? []).map(
      ({ ip, hostname }) => ip || hostname,
    )
    return [
      metadata.name,
      spec.ingressClassName ?? metadata.annotations?.['kubernetes.io/ingress.class'] ?? '<none>',
      firstThree(hosts, '*'),
      addresses.join(','),
      spec.tls?.length ? '80, 443' : '80',
      ageOf(metadata.creationTimestamp, now),
    ]
  },
}

const backendsOf = (spec: Undefaulted<Ingress>['spec']): IngressBackend[] => [
  ...(spec?.defaultBackend ? [spec.defaultBackend] : []),
  // Warnings come before validation, so a path may lack its backend.
  ...(spec?.rules ?? [])
    .flatMap(({ http }) => http?.paths ?? [])
    .flatMap(({ backend }) => backend ?? []),
]

const unservedResource = ({ kind, name }: NonNullable<IngressBackend['resource']>): string =>
  `requests to ${kind} "${name}" are answered with 501: the edge of this server leads to Services only`
