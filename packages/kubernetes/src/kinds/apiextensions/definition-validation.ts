import { parseJsonPath } from '../../custom-resources/json-path.ts'
import { structuralErrors } from '../../custom-resources/structural-errors.ts'
import {
  type FieldError,
  forbiddenField,
  invalidValue,
  notSupported,
  required,
} from '../../field-error.ts'
import { dns1035Problem, subdomainProblem } from '../../name-syntax.ts'
import type { CustomResourceDefinition, CustomResourceVersion } from '../../object.ts'

/**
 * What is wrong with a CustomResourceDefinition, in upstream's words; what is not supported here is refused by name.
 */
export function validateDefinition({ metadata, spec }: CustomResourceDefinition): FieldError[] {
  const { group, names, scope, versions, conversion, preserveUnknownFields } = spec
  const wanted = `${names.plural}.${group}`
  const storage = versions.filter((version) => version.storage)
  return [
    ...(metadata.name === wanted
      ? []
      : [invalidValue('metadata.name', metadata.name, 'must be spec.names.plural+"."+spec.group')]),
    ...groupErrors(group),
    ...approvalErrors(group, metadata.annotations),
    ...(scope === 'Cluster' || scope === 'Namespaced'
      ? []
      : [notSupported('spec.scope', scope, ['Cluster', 'Namespaced'])]),
    ...(storage.length === 1
      ? []
      : [
          invalidValue(
            'spec.versions',
            versions.map(({ name }) => name),
            'must have exactly one version marked as storage version',
          ),
        ]),
    ...nameErrors(names),
    ...(preserveUnknownFields
      ? [
          invalidValue(
            'spec.preserveUnknownFields',
            true,
            'cannot set to true, set x-kubernetes-preserve-unknown-fields to true in spec.versions[*].schema instead',
          ),
        ]
      : []),
    ...conversionErrors(conversion),
    ...versions.flatMap((version, n) => versionErrors(version, n, versions)),
  ]
}

function conversionErrors(
  conversion: CustomResourceDefinition['spec']['conversion'],
): FieldError[] {
  const { strategy = 'None', webhook } = conversion ?? {}
  if (strategy !== 'None') return [notSupported('spec.conversion.strategy', strategy, ['None'])]
  if (webhook === undefined) return []
  const why = 'should not be set when strategy is not set to Webhook'
  return [forbiddenField('spec.conversion.webhook', why)]
}

function groupErrors(group: string): FieldError[] {
  if (!group) return [required('spec.group')]
  const problem = subdomainProblem(group)
  if (problem) return [invalidValue('spec.group', group, problem)]
  if (group.includes('.')) return []
  return [invalidValue('spec.group', group, 'should be a domain with at least one dot')]
}

/** A definition in one of Kubernetes' own groups needs an approval annotation. */
function approvalErrors(
  group: string,
  annotations: Readonly<Record<string, string>> = {},
): FieldError[] {
  const isProtected = /(^|\.)(k8s|kubernetes)\.io$/.test(group)
  if (!isProtected || annotations[approval]) return []
  const detail = `protected groups must have approval annotation "${approval}", see https://github.com/kubernetes/enhancements/pull/1111`
  return [required(`metadata.annotations[${approval}]`, detail)]
}

const approval = 'api-approved.kubernetes.io'
const columnTypes = ['boolean', 'date', 'integer', 'number', 'string']

function nameErrors(names: CustomResourceDefinition['spec']['names']): FieldError[] {
  const labels = [
    ['spec.names.plural', names.plural],
    ['spec.names.singular', names.singular],
    ['spec.names.kind', names.kind?.toLowerCase()],
    ['spec.names.listKind', names.listKind?.toLowerCase()],
    ...(names.shortNames ?? []).map((name, n) => [`spec.names.shortNames[${n}]`, name] as const),
  ] as const
  const { kind, listKind } = names
  return [
    ...labels.flatMap(([field, name]) => {
      if (!name) return [required(field)]
      const problem = dns1035Problem(name)
      return problem ? [invalidValue(field, name, problem)] : []
    }),
    ...(kind && kind === listKind
      ? [invalidValue('spec.names.listKind', listKind, 'kind and listKind may not be the same')]
      : []),
  ]
}

function versionErrors(
  { name, schema, additionalPrinterColumns = [], subresources }: CustomResourceVersion,
  index: number,
  versions: readonly CustomResourceVersion[],
): FieldError[] {
  const at = `spec.versions[${index}]`
  const isTwice = versions.findIndex((each) => each.name === name) < index
  const problem = dns1035Problem(name)
  const root = schema?.openAPIV3Schema
  const path = versions.length === 1 ? 'spec.validation' : `${at}.schema`
  return [
    ...(problem ? [invalidValue(`${at}.name`, name, problem)] : []),
    ...(isTwice ? [invalidValue(`${at}.name`, name, 'must be unique among all versions')] : []),
    ...(root
      ? structuralErrors(root, `${path}.openAPIV3Schema`)
      : [required(`${at}.schema.openAPIV3Schema`, 'schemas are required')]),
    ...additionalPrinterColumns.flatMap(({ type }, n) =>
      columnTypes.includes(type)
        ? []
        : [
            invalidValue(
              `${at}.additionalPrinterColumns[${n}].type`,
              type,
              `must be one of ${columnTypes.join(',')}`,
            ),
          ],
    ),
    ...additionalPrinterColumns.flatMap(({ jsonPath }, n) => {
      const isPath = jsonPath.startsWith('.') && parseJsonPath(jsonPath) !== undefined
      const field = `${at}.additionalPrinterColumns[${n}].jsonPath`
      return isPath
        ? []
        : [invalidValue(field, jsonPath, 'must be a simple json path starting with .')]
    }),
    ...scaleErrors(subresources?.scale, `${at}.subresources.scale`),
  ]
}

type Scale = NonNullable<CustomResourceVersion['subresources']>['scale']

function scaleErrors(scale: Scale, at: string): FieldError[] {
  if (scale === undefined) return []
  const { specReplicasPath, statusReplicasPath, labelSelectorPath } = scale
  const under = (field: string, path: string, root: string) =>
    path.startsWith(`${root}.`) && /^(\.[A-Za-z_][\w-]*)+$/.test(path)
      ? []
      : [invalidValue(`${at}.${field}`, path, `should be a json path under ${root}`)]
  return [
    ...under('specReplicasPath', specReplicasPath, '.spec'),
    ...under('statusReplicasPath', statusReplicasPath, '.status'),
    ...(labelSelectorPath
      ? under(
          'labelSelectorPath',
          labelSelectorPath,
          labelSelectorPath.startsWith('.spec') ? '.spec' : '.status',
        )
      : []),
  ]
}

/** Fields of a definition that may not change, because the existing objects would become others. */
export function validateDefinitionUpdate(
  { spec: after }: CustomResourceDefinition,
  { spec: before }: CustomResourceDefinition,
): FieldError[] {
  const fixed = [
    ['spec.group', after.group, before.group],
    ['spec.scope', after.scope, before.scope],
    ['spec.names.plural', after.names.plural, before.names.plural],
    ['spec.names.kind', after.names.kind, before.names.kind],
  ] as const
  return fixed.flatMap(([field, is, was]) =>
    is === was ? [] : [invalidValue(field, is, 'field is immutable')],
  )
}
