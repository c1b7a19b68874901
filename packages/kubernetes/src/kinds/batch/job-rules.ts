import { type FieldError, invalidValue, notSupported, required } from '../../field-error.ts'
import { immutable, nonNegative, oneOf } from '../../field-rules.ts'
import type { Job, Undefaulted } from '../../object.ts'
import { setTemplateDefaults } from '../../pod-spec/pod-template-defaults.ts'
import { validateTemplate } from '../../pod-spec/pod-template-validation.ts'
import { compiled, refusalsOf } from '../../unserved/field-rules.ts'
import {
  validateFailurePolicy,
  validatePerIndex,
  validateReplacement,
  validateSuccessPolicy,
} from './job-policy-rules.ts'

const backoffLimitDefault = 6
/** The backoff limit of a Job whose indexes have one each. */
const backoffLimitUnreached = 2 ** 31 - 1
/** The status of an Indexed Job lists its completed indexes. */
const indexesMax = 100_000

/** Fills in what batch/v1 fills in; changes the object. */
export function setJobDefaults(object: Undefaulted<Job>): void {
  setTemplateDefaults(object)
  const { spec, metadata } = object
  if (spec === undefined) return
  if (spec.completions === undefined && spec.parallelism === undefined) spec.completions = 1
  spec.parallelism ??= 1
  const isPerIndex = spec.backoffLimitPerIndex !== undefined
  spec.backoffLimit ??= isPerIndex ? backoffLimitUnreached : backoffLimitDefault
  spec.completionMode ??= 'NonIndexed'
  spec.suspend ??= false
  spec.manualSelector ??= false
  spec.podReplacementPolicy ??= spec.podFailurePolicy ? 'Failed' : 'TerminatingOrFailed'
  setFailurePolicyDefaults(spec)
  const { labels } = spec.template?.metadata ?? {}
  if (labels && !Object.keys(metadata.labels ?? {}).length) metadata.labels = { ...labels }
}

/** A condition in a rule is matched as True by default; modifies the spec. */
export function setFailurePolicyDefaults(spec: NonNullable<Undefaulted<Job>['spec']>): void {
  for (const { onPodConditions = [] } of spec.podFailurePolicy?.rules ?? []) {
    for (const condition of onPodConditions) condition.status ||= 'True'
  }
}

/** What is wrong with a Job's spec, with its selector and labels as the server has made them. */
export function validateJob({ metadata, spec }: Job): FieldError[] {
  const { completionMode, completions, ttlSecondsAfterFinished } = spec
  const isIndexed = completionMode === 'Indexed'
  return [
    ...nonNegative('spec.parallelism', spec.parallelism),
    ...nonNegative('spec.completions', completions),
    ...nonNegative('spec.activeDeadlineSeconds', spec.activeDeadlineSeconds),
    ...nonNegative('spec.backoffLimit', spec.backoffLimit),
    ...nonNegative('spec.ttlSecondsAfterFinished', ttlSecondsAfterFinished),
    ...oneOf('spec.completionMode', completionMode, ['NonIndexed', 'Indexed']),
    ...(isIndexed && completions === undefined
      ? [required('spec.completions', 'when completion mode is Indexed')]
      : []),
    ...(isIndexed && (completions ?? 0) > indexesMax
      ? [notSupported('spec.completions', completions, [`0 to ${indexesMax}`])]
      : []),
    ...validateFailurePolicy(spec),
    ...validatePerIndex(spec),
    ...validateSuccessPolicy(spec),
    ...validateReplacement(spec),
    ...refusalsOf(refused, spec, 'spec'),
    ...validateTemplate(spec, 'Job', ['OnFailure', 'Never']),
    ...validateGenerated(metadata, spec),
  ]
}

/** Validates the generated selector and labels, which contain the Job's uid, unless `manualSelector` is set. */
function validateGenerated(
  { name }: Job['metadata'],
  { manualSelector, selector, template }: Job['spec'],
): FieldError[] {
  if (manualSelector || template === undefined) return []
  const { labels = {} } = template.metadata ?? {}
  const isOwn =
    Object.keys(selector?.matchLabels ?? {}).length === 1 && !selector?.matchExpressions?.length
  const names = ['job-name', 'batch.kubernetes.io/job-name']
  return [
    ...names
      .filter((key) => labels[key] !== undefined && labels[key] !== name)
      .map((key) =>
        invalidValue(`spec.template.metadata.labels[${key}]`, labels, `must be '${name}'`),
      ),
    ...(isOwn ? [] : [invalidValue('spec.selector', selector, '`selector` not auto-generated')]),
  ]
}

/** Only this server's own controller runs Jobs. */
const refused = compiled({ managedBy: { why: '', allowed: ['kubernetes.io/job-controller'] } })

/** Most fields are immutable; in an Indexed Job completions may change together with parallelism. */
export function validateJobUpdate({ spec: after }: Job, { spec: before }: Job): FieldError[] {
  const isElastic =
    after.completionMode === 'Indexed' &&
    after.completions === after.parallelism &&
    before.completions === before.parallelism
  return [
    ...(isElastic ? [] : immutable('spec.completions', after.completions, before.completions)),
    ...immutable('spec.selector', after.selector, before.selector),
    ...immutable('spec.template', after.template, before.template),
    ...immutable('spec.completionMode', after.completionMode, before.completionMode),
    ...immutable('spec.podFailurePolicy', after.podFailurePolicy, before.podFailurePolicy),
    ...immutable(
      'spec.backoffLimitPerIndex',
      after.backoffLimitPerIndex,
      before.backoffLimitPerIndex,
    ),
    ...immutable('spec.successPolicy', after.successPolicy, before.successPolicy),
  ]
}
