import type { CustomResourceDefinition, CustomResourceVersion, Undefaulted } from '../../object.ts'
import type { Resource } from '../../resource.ts'
import { nameColumn } from '../cells.ts'
import { plainKind } from '../plain-kind.ts'
import { validateDefinition, validateDefinitionUpdate } from './definition-validation.ts'

/** CustomResourceDefinition: names, defaults, rules and columns. */
export const customResourceDefinitions: Resource<CustomResourceDefinition> = {
  ...plainKind,
  group: 'apiextensions.k8s.io',
  version: 'v1',
  servedVersions: [{ group: 'apiextensions.k8s.io', version: 'v1' }],
  plural: 'customresourcedefinitions',
  singular: 'customresourcedefinition',
  kind: 'CustomResourceDefinition',
  listKind: 'CustomResourceDefinitionList',
  namespaced: false,
  shortNames: ['crd', 'crds'],
  categories: ['api-extensions'],
  subresources: ['status'],
  setDefaults(object: Undefaulted<CustomResourceDefinition>) {
    object.spec ??= { group: '', names: { plural: '', kind: '' }, scope: '', versions: [] }
    const { spec } = object
    setAbsent(spec, { group: '', names: { plural: '', kind: '' }, scope: '', versions: [] })
    const { names } = spec
    setAbsent(names, { plural: '', kind: '' })
    for (const version of spec.versions) setVersionDefaults(version)
    names.singular ||= names.kind.toLowerCase()
    names.listKind ||= `${names.kind}List`
    spec.conversion ??= { strategy: 'None' }
  },
  validate: validateDefinition,
  validateUpdate: validateDefinitionUpdate,
  warnings: ({ spec }) =>
    JSON.stringify(spec?.versions ?? []).includes('"x-kubernetes-validations"')
      ? ['x-kubernetes-validations: rules in CEL are kept and not evaluated by this server']
      : [],
  columns: [nameColumn, { name: 'Created At', type: 'date' }],
  row: ({ metadata }) => [metadata.name, metadata.creationTimestamp ?? ''],
}

/** What is not given counts as empty, as in Go; changes the object. */
function setAbsent<T extends object>(object: T, empty: Partial<T>): void {
  Object.assign(object, { ...empty, ...object })
}

function setVersionDefaults(version: CustomResourceVersion): void {
  setAbsent(version, { name: '', served: false, storage: false })
  const { additionalPrinterColumns = [], selectableFields = [], subresources } = version
  for (const column of additionalPrinterColumns) {
    setAbsent(column, { name: '', type: '', jsonPath: '' })
  }
  for (const field of selectableFields) setAbsent(field, { jsonPath: '' })
  if (subresources?.scale) {
    setAbsent(subresources.scale, { specReplicasPath: '', statusReplicasPath: '' })
  }
}
