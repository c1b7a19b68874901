import { type FieldError, forbiddenField, invalidValue, required } from '../../field-error.ts'
import { immutable, oneOf } from '../../field-rules.ts'
import { ageOf } from '../../human-duration.ts'
import { subdomainProblem } from '../../name-syntax.ts'
import type { IngressClass, Undefaulted } from '../../object.ts'
import type { Resource } from '../../resource.ts'
import { ageColumn, nameColumn } from '../cells.ts'
import { plainKind } from '../plain-kind.ts'

/** The controller named by the classes that this cluster's edge serves. */
export const ingressClassController = 'reckon.dev/envoy'

/** IngressClass: names, defaults, rules and columns. */
export const ingressClasses: Resource<IngressClass> = {
  ...plainKind,
  group: 'networking.k8s.io',
  version: 'v1',
  servedVersions: [{ group: 'networking.k8s.io', version: 'v1' }],
  plural: 'ingressclasses',
  singular: 'ingressclass',
  kind: 'IngressClass',
  listKind: 'IngressClassList',
  namespaced: false,
  setDefaults: ({ spec }: Undefaulted<IngressClass>) => {
    if (spec?.parameters) spec.parameters.scope ??= 'Cluster'
  },
  validate: (object) => [...validateController(object), ...validateParameters(object)],
  validateUpdate: (after, before) =>
    immutable('spec.controller', after.spec?.controller, before.spec?.controller),
  warnings: ({ spec }) =>
    spec?.parameters && spec.controller === ingressClassController
      ? ['spec.parameters: is not acted on: the edge has no parameters']
      : [],
  columns: [nameColumn, { name: 'Controller' }, { name: 'Parameters' }, ageColumn],
  row: (object, now) => {
    const { metadata, spec } = object
    const { kind, apiGroup, name } = spec?.parameters ?? {}
    const parameters = kind ? `${kind}${apiGroup ? `.${apiGroup}` : ''}/${name}` : '<none>'
    return [
      metadata.name,
      spec?.controller ?? '',
      parameters,
      ageOf(metadata.creationTimestamp, now),
    ]
  },
}

/** Parameters name a namespace exactly where their scope is `Namespace`. */
function validateParameters({ spec }: IngressClass): FieldError[] {
  const { parameters } = spec ?? {}
  if (parameters === undefined) return []
  const { kind, name, scope, namespace } = parameters
  const field = 'spec.parameters'
  const inNamespace = "`parameters.scope` is set to 'Namespace'"
  const inCluster = "`parameters.scope` is set to 'Cluster'"
  return [
    ...(kind ? [] : [required(`${field}.kind`, 'kind is required')]),
    ...(name ? [] : [required(`${field}.name`, 'name is required')]),
    ...oneOf(`${field}.scope`, scope, ['Cluster', 'Namespace']),
    ...(scope === 'Namespace' && !namespace ? [required(`${field}.namespace`, inNamespace)] : []),
    ...(scope === 'Cluster' && namespace ? [forbiddenField(`${field}.namespace`, inCluster)] : []),
  ]
}

function validateController({ spec }: IngressClass): FieldError[] {
  const field = 'spec.controller'
  const controller = spec?.controller ?? ''
  if (controller === '') return [required(field)]
  const [domain = '', path] = controller.split(/\/(.*)/s)
  if (controller.length > 250)
    return [invalidValue(field, controller, 'must be no more than 250 characters')]
  if (!path || subdomainProblem(domain)) {
    return [
      invalidValue(field, controller, 'must be a domain-prefixed path (such as "acme.io/foo")'),
    ]
  }
  return []
}
