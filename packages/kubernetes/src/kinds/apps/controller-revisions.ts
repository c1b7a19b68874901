import { required } from '../../field-error.ts'
import { immutable, nonNegative } from '../../field-rules.ts'
import { ageOf } from '../../human-duration.ts'
import { type ControllerRevision, controllerOf } from '../../object.ts'
import { parseApiVersion, type Resource } from '../../resource.ts'
import { ageColumn, nameColumn } from '../cells.ts'
import { plainKind } from '../plain-kind.ts'

/** ControllerRevision: an earlier state of a set of pods, to which it can be rolled back. */
export const controllerRevisions: Resource<ControllerRevision> = {
  ...plainKind,
  group: 'apps',
  version: 'v1',
  servedVersions: [{ group: 'apps', version: 'v1' }],
  plural: 'controllerrevisions',
  singular: 'controllerrevision',
  kind: 'ControllerRevision',
  listKind: 'ControllerRevisionList',
  namespaced: true,
  validate: ({ data, revision }) => [
    ...(data === undefined ? [required('data', 'data is mandatory')] : []),
    ...nonNegative('revision', revision),
  ],
  validateUpdate: (after, before) => immutable('data', after.data, before.data),
  columns: [nameColumn, { name: 'Controller' }, { name: 'Revision', type: 'integer' }, ageColumn],
  row: (object, now) => [
    object.metadata.name,
    controllerCell(object),
    object.revision,
    ageOf(object.metadata.creationTimestamp, now),
  ],
}

/** `statefulset.apps/web`. */
function controllerCell(object: ControllerRevision): string {
  const controller = controllerOf(object)
  if (controller === undefined) return '<none>'
  const { group } = parseApiVersion(controller.apiVersion)
  const kind = controller.kind.toLowerCase()
  return `${group === '' ? kind : `${kind}.${group}`}/${controller.name}`
}
