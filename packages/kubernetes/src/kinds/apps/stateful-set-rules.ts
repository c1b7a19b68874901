import { type FieldError, forbiddenField, invalidValue, required } from '../../field-error.ts'
import { nonNegative, oneOf } from '../../field-rules.ts'
import { isDeepEqual } from '../../json/deep-equal.ts'
import { labelProblem } from '../../name-syntax.ts'
import type { StatefulSet, Undefaulted } from '../../object.ts'
import { setTemplateDefaults } from '../../pod-spec/pod-template-defaults.ts'
import { validateTemplate } from '../../pod-spec/pod-template-validation.ts'
import { validateClaimSpec } from '../core/persistent-volume-claim-validation.ts'
import { amountProblems } from './amount.ts'

/** The fields of a StatefulSet's spec that may change. */
const changeable = [
  'replicas',
  'ordinals',
  'template',
  'updateStrategy',
  'revisionHistoryLimit',
  'persistentVolumeClaimRetentionPolicy',
  'minReadySeconds',
]

/** Fills in what apps/v1 fills in; changes the object. */
export function setStatefulSetDefaults(object: Undefaulted<StatefulSet>): void {
  setTemplateDefaults(object)
  const { spec } = object
  if (spec === undefined) return
  spec.podManagementPolicy ||= 'OrderedReady'
  spec.updateStrategy ??= {}
  spec.updateStrategy.type ||= 'RollingUpdate'
  if (spec.updateStrategy.type === 'RollingUpdate') {
    spec.updateStrategy.rollingUpdate = { partition: 0, ...spec.updateStrategy.rollingUpdate }
  }
  spec.persistentVolumeClaimRetentionPolicy = {
    whenDeleted: 'Retain',
    whenScaled: 'Retain',
    ...spec.persistentVolumeClaimRetentionPolicy,
  }
  for (const claim of spec.volumeClaimTemplates ?? []) {
    claim.apiVersion = 'v1'
    claim.kind = 'PersistentVolumeClaim'
    if (claim.spec) claim.spec.volumeMode ??= 'Filesystem'
  }
  spec.replicas ??= 1
  spec.revisionHistoryLimit ??= 10
}

/** What is wrong with a StatefulSet's spec. */
export function validateStatefulSet({ spec }: StatefulSet): FieldError[] {
  const { podManagementPolicy } = spec
  return [
    ...(podManagementPolicy === 'OrderedReady' || podManagementPolicy === 'Parallel'
      ? []
      : [
          invalidValue(
            'spec.podManagementPolicy',
            podManagementPolicy,
            "must be 'OrderedReady' or 'Parallel'",
          ),
        ]),
    ...validateUpdateStrategy(spec.updateStrategy),
    ...validateServiceName(spec),
    ...nonNegative('spec.replicas', spec.replicas),
    ...nonNegative('spec.minReadySeconds', spec.minReadySeconds),
    ...nonNegative('spec.ordinals.start', spec.ordinals?.start),
    ...nonNegative('spec.revisionHistoryLimit', spec.revisionHistoryLimit),
    ...validateClaims(spec),
    ...validateTemplate(withClaimedVolumes(spec), 'StatefulSet'),
  ]
}

function validateServiceName({ serviceName }: StatefulSet['spec']): FieldError[] {
  const problem = serviceName ? labelProblem(serviceName) : ''
  return problem ? [invalidValue('spec.serviceName', serviceName, problem)] : []
}

/** The spec with the claims as volumes: containers may mount them, and they replace volumes of the same name. */
function withClaimedVolumes(spec: StatefulSet['spec']): StatefulSet['spec'] {
  const { template, volumeClaimTemplates = [] } = spec
  const known = new Set(template?.spec?.volumes?.map(({ name }) => name))
  const claimed = volumeClaimTemplates
    .flatMap(({ metadata }) => metadata?.name ?? [])
    .filter((name) => !known.has(name))
    .map((name) => ({ name, persistentVolumeClaim: { claimName: name } }))
  if (claimed.length === 0 || template?.spec === undefined) return spec
  const volumes = [...(template.spec.volumes ?? []), ...claimed]
  return { ...spec, template: { ...template, spec: { ...template.spec, volumes } } }
}

function validateClaims({
  persistentVolumeClaimRetentionPolicy: { whenDeleted, whenScaled } = {},
  volumeClaimTemplates = [],
}: StatefulSet['spec']): FieldError[] {
  const policy = 'spec.persistentVolumeClaimRetentionPolicy'
  return [
    ...oneOf(`${policy}.whenDeleted`, whenDeleted, ['Delete', 'Retain']),
    ...oneOf(`${policy}.whenScaled`, whenScaled, ['Delete', 'Retain']),
    ...volumeClaimTemplates.flatMap(({ metadata, spec }, index) => {
      const at = `spec.volumeClaimTemplates[${index}]`
      return [
        ...(metadata?.name ? [] : [required(`${at}.metadata.name`)]),
        ...validateClaimSpec(spec, `${at}.spec`),
      ]
    }),
  ]
}

function validateUpdateStrategy(strategy: StatefulSet['spec']['updateStrategy']): FieldError[] {
  const { type, rollingUpdate } = strategy ?? {}
  const at = 'spec.updateStrategy'
  if (type === 'OnDelete') {
    const detail = "only allowed for updateStrategy 'RollingUpdate'"
    return rollingUpdate ? [invalidValue(`${at}.rollingUpdate`, rollingUpdate, detail)] : []
  }
  if (type !== 'RollingUpdate') {
    return [invalidValue(at, strategy, "must be 'RollingUpdate' or 'OnDelete'")]
  }
  const { partition, maxUnavailable } = rollingUpdate ?? {}
  const field = `${at}.rollingUpdate.maxUnavailable`
  return [
    ...nonNegative(`${at}.rollingUpdate.partition`, partition),
    ...amountProblems(field, maxUnavailable),
    ...(maxUnavailable !== undefined && Number.parseInt(String(maxUnavailable), 10) === 0
      ? [invalidValue(field, maxUnavailable, 'cannot be 0')]
      : []),
  ]
}

/** All other fields stay as they were created. */
export function validateStatefulSetUpdate(
  { spec: after }: StatefulSet,
  { spec: before }: StatefulSet,
): FieldError[] {
  const fixed = (spec: StatefulSet['spec']) =>
    Object.fromEntries(Object.entries(spec).filter(([name]) => !changeable.includes(name)))
  if (isDeepEqual(fixed(after), fixed(before))) return []
  const [last, ...others] = changeable.map((name) => `'${name}'`).reverse()
  const names = `${others.reverse().join(', ')} and ${last}`
  const detail = `updates to statefulset spec for fields other than ${names} are forbidden`
  return [forbiddenField('spec', detail)]
}
