import { ageOf } from '../../human-duration.ts'
import type { ResourceQuota } from '../../object.ts'
import { ownValue } from '../../own-value.ts'
import { canonicalQuantity } from '../../quantity.ts'
import type { Resource } from '../../resource.ts'
import { ageColumn, nameColumn } from '../cells.ts'
import { plainKind } from '../plain-kind.ts'
import {
  validateQuota,
  validateQuotaStatus,
  validateQuotaUpdate,
} from './resource-quota-validation.ts'

/** ResourceQuota: limits on the number of objects in a namespace and on what they request together. */
export const resourceQuotas: Resource<ResourceQuota> = {
  ...plainKind,
  group: '',
  version: 'v1',
  servedVersions: [{ group: '', version: 'v1' }],
  plural: 'resourcequotas',
  singular: 'resourcequota',
  kind: 'ResourceQuota',
  listKind: 'ResourceQuotaList',
  namespaced: true,
  shortNames: ['quota'],
  subresources: ['status'],
  validate: validateQuota,
  validateUpdate: validateQuotaUpdate,
  validateStatus: validateQuotaStatus,
  columns: [nameColumn, { name: 'Request' }, { name: 'Limit' }, ageColumn],
  row: ({ metadata, status }, now) => {
    const [limits, requests] = partitioned(Object.keys(status?.hard ?? {}))
    const cell = (names: readonly string[]) =>
      names.map((name) => `${name}: ${shown(status?.used, name)}/${shown(status?.hard, name)}`)
    return [
      metadata.name,
      cell(requests).join(', '),
      cell(limits).join(', '),
      ageOf(metadata.creationTimestamp, now),
    ]
  },
}

/** The names of limits and all other names, each sorted. */
const partitioned = (names: readonly string[]): readonly [string[], string[]] => {
  const isOfLimits = (name: string) => name.startsWith('limits.')
  const sorted = names.toSorted()
  return [sorted.filter(isOfLimits), sorted.filter((name) => !isOfLimits(name))]
}

const shown = (amounts: Record<string, string> | undefined, name: string): string =>
  canonicalQuantity(ownValue(amounts, name) ?? '0')
