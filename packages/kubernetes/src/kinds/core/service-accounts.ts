import { ageOf } from '../../human-duration.ts'
import { subdomainProblem } from '../../name-syntax.ts'
import type { ServiceAccount } from '../../object.ts'
import type { Resource } from '../../resource.ts'
import { ageColumn, nameColumn } from '../cells.ts'

/** ServiceAccount: names and columns. */
export const serviceAccounts: Resource<ServiceAccount> = {
  group: '',
  version: 'v1',
  servedVersions: [{ group: '', version: 'v1' }],
  plural: 'serviceaccounts',
  singular: 'serviceaccount',
  kind: 'ServiceAccount',
  listKind: 'ServiceAccountList',
  namespaced: true,
  shortNames: ['sa'],
  categories: [],
  subresources: ['token'],
  selectableFields: {},
  conversions: {},
  nameProblem: subdomainProblem,
  setDefaults: () => {},
  validate: () => [],
  validateUpdate: () => [],
  columns: [nameColumn, { name: 'Secrets', type: 'integer' }, ageColumn],
  row: ({ metadata, secrets = [] }, now) => [
    metadata.name,
    secrets.length,
    ageOf(metadata.creationTimestamp, now),
  ],
}
