import { ageOf } from '../../human-duration.ts'
import { dns1035Problem } from '../../name-syntax.ts'
import type { Service } from '../../object.ts'
import type { Resource } from '../../resource.ts'
import { labelMapSelector } from '../../selecting/label-selectors.ts'
import { compiled, warningsOf } from '../../unserved/field-rules.ts'
import { ageColumn, labelsCell, nameColumn } from '../cells.ts'
import { loadBalancerErrors } from '../load-balancer-status.ts'
import { plainKind } from '../plain-kind.ts'
import { setServiceDefaults } from './service-defaults.ts'
import { validateService, validateServiceUpdate } from './service-validation.ts'

/** Fields that are hints: they are kept, with a warning. */
const warned = compiled({
  trafficDistribution: { why: 'is not acted on: all endpoints are as near as others' },
})

/** Service: names, defaults, rules and columns. */
export const services: Resource<Service> = {
  ...plainKind,
  group: '',
  version: 'v1',
  servedVersions: [{ group: '', version: 'v1' }],
  plural: 'services',
  singular: 'service',
  kind: 'Service',
  listKind: 'ServiceList',
  namespaced: true,
  shortNames: ['svc'],
  categories: ['all'],
  subresources: ['status', 'proxy'],
  selectableFields: {
    'spec.clusterIP': (object) => object.spec.clusterIP ?? '',
    'spec.type': (object) => object.spec.type ?? '',
  },
  podSelector: (object) => labelMapSelector(object.spec.selector),
  nameProblem: dns1035Problem,
  setDefaults: setServiceDefaults,
  validate: (object) => validateService(object),
  validateStatus: ({ status }) => loadBalancerErrors(status?.loadBalancer),
  validateUpdate: (after, before) => validateServiceUpdate(after, before),
  warnings: ({ spec }) => warningsOf(warned, spec, 'spec'),
  columns: [
    nameColumn,
    { name: 'Type' },
    { name: 'Cluster-IP' },
    { name: 'External-IP' },
    { name: 'Port(s)' },
    ageColumn,
    { name: 'Selector', wide: true },
  ],
  row: (object, now) => {
    const { metadata, spec } = object
    return [
      metadata.name,
      spec.type ?? '',
      spec.clusterIPs?.[0] || spec.clusterIP || '<none>',
      externalIps(object),
      (spec.ports ?? []).map(portCell).join(',') || '<none>',
      ageOf(metadata.creationTimestamp, now),
      labelsCell(spec.selector),
    ]
  },
}

function portCell({
  port,
  nodePort,
  protocol,
}: NonNullable<Service['spec']['ports']>[number]): string {
  return nodePort ? `${port}:${nodePort}/${protocol}` : `${port}/${protocol}`
}

function externalIps({ spec, status }: Service): string {
  if (spec.type === 'ExternalName') return spec.externalName ?? ''
  const balanced =
    spec.type === 'LoadBalancer'
      ? (status?.loadBalancer?.ingress ?? []).map(({ ip, hostname }) => ip || hostname || '')
      : []
  const none = spec.type === 'LoadBalancer' ? '<pending>' : '<none>'
  return [...balanced, ...(spec.externalIPs ?? [])].join(',') || none
}
