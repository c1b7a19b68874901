import { conditionOf } from '../../conditions.ts'
import { immutable } from '../../field-rules.ts'
import { ageOf } from '../../human-duration.ts'
import type { Node } from '../../object.ts'
import type { Cells, Resource } from '../../resource.ts'
import { ageColumn, nameColumn } from '../cells.ts'
import { plainKind } from '../plain-kind.ts'
import { validateAmounts, validateNodeSpec, validateNodeStatus } from './node-validation.ts'

/** Node: names, defaults, rules and columns. */
export const nodes: Resource<Node> = {
  ...plainKind,
  group: '',
  version: 'v1',
  servedVersions: [{ group: '', version: 'v1' }],
  plural: 'nodes',
  singular: 'node',
  kind: 'Node',
  listKind: 'NodeList',
  namespaced: false,
  shortNames: ['no'],
  subresources: ['status', 'proxy'],
  selectableFields: {
    'spec.unschedulable': (object) => String(object.spec?.unschedulable ?? false),
  },
  setDefaults,
  validate: (object) => [...validateNodeSpec(object.spec), ...validateAmounts(object.status ?? {})],
  validateStatus: (object) => validateNodeStatus(object.status ?? {}),
  validateUpdate: (after, before) => {
    const [{ spec: now }, { spec: then }] = [after, before]
    return [
      ...(then.podCIDR ? immutable('spec.podCIDR', now.podCIDR, then.podCIDR) : []),
      ...(then.providerID ? immutable('spec.providerID', now.providerID, then.providerID) : []),
    ]
  },
  columns: [
    nameColumn,
    { name: 'Status' },
    { name: 'Roles' },
    ageColumn,
    { name: 'Version' },
    { name: 'Internal-IP', wide: true },
    { name: 'External-IP', wide: true },
    { name: 'OS-Image', wide: true },
    { name: 'Kernel-Version', wide: true },
    { name: 'Container-Runtime', wide: true },
  ],
  row: (object, now) => nodeRow(object, now),
}

function setDefaults(object: Node): void {
  object.spec ??= {}
  const { status } = object
  if (status?.capacity) status.allocatable = { ...status.capacity, ...status.allocatable }
}

function nodeRow({ metadata, spec, status }: Node, now: Date): Cells {
  const ready = conditionOf(status, 'Ready')
  const state = ready === undefined ? 'Unknown' : ready.status === 'True' ? 'Ready' : 'NotReady'
  const address = (wanted: string) =>
    status?.addresses?.find(({ type }) => type === wanted)?.address
  const info = status?.nodeInfo
  return [
    metadata.name,
    spec.unschedulable ? `${state},SchedulingDisabled` : state,
    rolesOf(metadata.labels ?? {}),
    ageOf(metadata.creationTimestamp, now),
    info?.kubeletVersion ?? '',
    address('InternalIP') ?? '<none>',
    address('ExternalIP') ?? '<none>',
    info?.osImage || '<unknown>',
    info?.kernelVersion || '<unknown>',
    info?.containerRuntimeVersion || '<unknown>',
  ]
}

function rolesOf(labels: Readonly<Record<string, string>>): string {
  const prefix = 'node-role.kubernetes.io/'
  const roles = Object.entries(labels).flatMap(([key, value]) => {
    if (key.startsWith(prefix) && key !== prefix) return [key.slice(prefix.length)]
    return key === 'kubernetes.io/role' && value ? [value] : []
  })
  return [...new Set(roles)].sort().join(',') || '<none>'
}
