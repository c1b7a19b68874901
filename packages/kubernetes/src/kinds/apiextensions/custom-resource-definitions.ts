import { subdomainProblem } from '../../name-syntax.ts'
import type { CustomResourceDefinition } from '../../object.ts'
import type { Resource } from '../../resource.ts'
import { nameColumn } from '../cells.ts'
import { validateDefinition, validateDefinitionUpdate } from './definition-validation.ts'

/** CustomResourceDefinition: names, defaults, rules and columns. */
export const customResourceDefinitions: Resource<CustomResourceDefinition> = {
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
  selectableFields: {},
  conversions: {},
  nameProblem: subdomainProblem,
  setDefaults({ spec }) {
    const { names } = spec
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
