import { invalidValue } from '../../field-error.ts'
import { ageOf } from '../../human-duration.ts'
import { validateFinalizerNames } from '../../metadata-validation.ts'
import { labelProblem } from '../../name-syntax.ts'
import type { Namespace, Undefaulted } from '../../object.ts'
import type { Resource } from '../../resource.ts'
import { ageColumn, nameColumn } from '../cells.ts'
import { plainKind } from '../plain-kind.ts'

/** Namespace: names, defaults, rules and columns. */
export const namespaces: Resource<Namespace> = {
  ...plainKind,
  group: '',
  version: 'v1',
  servedVersions: [{ group: '', version: 'v1' }],
  plural: 'namespaces',
  singular: 'namespace',
  kind: 'Namespace',
  listKind: 'NamespaceList',
  namespaced: false,
  isDeletedOneByOne: true,
  shortNames: ['ns'],
  subresources: ['status', 'finalize'],
  selectableFields: { 'status.phase': (object) => object.status?.phase ?? '' },
  nameProblem: labelProblem,
  setDefaults,
  validate: ({ spec }) => validateFinalizerNames(spec?.finalizers ?? [], 'spec.finalizers'),
  validateStatus: ({ status, metadata }) => phaseErrors(status?.phase, metadata.deletionTimestamp),
  columns: [nameColumn, { name: 'Status' }, ageColumn],
  row: (object, now) => [
    object.metadata.name,
    object.status?.phase ?? '',
    ageOf(object.metadata.creationTimestamp, now),
  ],
}

/** The phase says what the deletion timestamp says. */
function phaseErrors(phase: string | undefined, deletionTimestamp: string | undefined) {
  const [wanted, when] = deletionTimestamp ? ['Terminating', 'not empty'] : ['Active', 'empty']
  if (phase === wanted) return []
  const detail = `may only be '${wanted}' if \`deletionTimestamp\` is ${when}`
  return [invalidValue('status.Phase', phase ?? '', detail)]
}

function setDefaults(object: Undefaulted<Namespace>): void {
  const { metadata, spec = {}, status = {} } = object
  if (metadata.name) {
    metadata.labels = { ...metadata.labels, 'kubernetes.io/metadata.name': metadata.name }
  }
  object.spec = { ...spec, finalizers: spec.finalizers ?? ['kubernetes'] }
  object.status = { ...status, phase: status.phase ?? 'Active' }
}
