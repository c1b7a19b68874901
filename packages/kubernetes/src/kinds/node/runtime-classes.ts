import { invalidValue, required } from '../../field-error.ts'
import { immutable } from '../../field-rules.ts'
import { ageOf } from '../../human-duration.ts'
import { labelProblem } from '../../name-syntax.ts'
import type { RuntimeClass } from '../../object.ts'
import type { Resource } from '../../resource.ts'
import { ageColumn, nameColumn } from '../cells.ts'
import { plainKind } from '../plain-kind.ts'

/** RuntimeClass: names, rules and columns. */
export const runtimeClasses: Resource<RuntimeClass> = {
  ...plainKind,
  group: 'node.k8s.io',
  version: 'v1',
  servedVersions: [{ group: 'node.k8s.io', version: 'v1' }],
  plural: 'runtimeclasses',
  singular: 'runtimeclass',
  kind: 'RuntimeClass',
  listKind: 'RuntimeClassList',
  namespaced: false,
  validate({ handler }) {
    if (!handler) return [required('handler')]
    const problem = labelProblem(handler)
    return problem ? [invalidValue('handler', handler, problem)] : []
  },
  validateUpdate: (after, before) => immutable('handler', after.handler, before.handler),
  warnings: () => ['RuntimeClasses are kept: every container has the same runtime on this server'],
  columns: [nameColumn, { name: 'Handler' }, ageColumn],
  row: ({ metadata, handler }, now) => [
    metadata.name,
    handler,
    ageOf(metadata.creationTimestamp, now),
  ],
}
