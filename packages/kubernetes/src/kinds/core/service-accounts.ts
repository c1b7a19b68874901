import { ageOf } from '../../human-duration.ts'
import type { ServiceAccount } from '../../object.ts'
import type { Resource } from '../../resource.ts'
import { ageColumn, nameColumn } from '../cells.ts'
import { plainKind } from '../plain-kind.ts'

/** ServiceAccount: names and columns. */
export const serviceAccounts: Resource<ServiceAccount> = {
  ...plainKind,
  group: '',
  version: 'v1',
  servedVersions: [{ group: '', version: 'v1' }],
  plural: 'serviceaccounts',
  singular: 'serviceaccount',
  kind: 'ServiceAccount',
  listKind: 'ServiceAccountList',
  namespaced: true,
  shortNames: ['sa'],
  subresources: ['token'],
  columns: [nameColumn, { name: 'Secrets', type: 'integer' }, ageColumn],
  row: ({ metadata, secrets = [] }, now) => [
    metadata.name,
    secrets.length,
    ageOf(metadata.creationTimestamp, now),
  ],
}
