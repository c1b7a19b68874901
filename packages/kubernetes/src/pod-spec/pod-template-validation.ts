import {
  type FieldError,
  forbiddenField,
  invalidValue,
  notSupported,
  required,
} from '../field-error.ts'
import { validateAnnotations, validateLabels } from '../metadata-validation.ts'
import type { LabelSelector, PodTemplateSpec } from '../object.ts'
import { labelSelectorOf, matchesLabels } from '../selecting/label-selectors.ts'
import { validateLabelSelector } from '../selecting/selector-validation.ts'
import { validatePodSpec } from './pod-spec-validation.ts'

type Templated = { selector?: LabelSelector; template?: PodTemplateSpec }

/** Validates a selector together with the template whose pods it must select. */
export function validateTemplate(
  { selector, template }: Templated,
  owner: string,
  restartPolicies: readonly string[] = ['Always'],
): FieldError[] {
  if (!template) return [required('spec.template')]
  const { metadata = {}, spec } = template
  return [
    ...validateSelector({ ...(selector && { selector }), template }, owner),
    ...validateLabels(metadata.labels, 'spec.template.labels'),
    ...validateAnnotations(metadata.annotations, 'spec.template.annotations'),
    ...(spec
      ? validatePodSpec(spec, 'spec.template.spec')
      : [required('spec.template.spec.containers')]),
    ...(spec ? validateRestartPolicy(spec.restartPolicy, restartPolicies) : []),
    ...(spec?.activeDeadlineSeconds !== undefined && owner !== 'Job'
      ? [
          forbiddenField(
            'spec.template.spec.activeDeadlineSeconds',
            `activeDeadlineSeconds in ${owner === 'Deployment' ? 'ReplicaSet' : owner} is not Supported`,
          ),
        ]
      : []),
  ]
}

/** The policy `Always` counts as absent where it is not supported, as in Jobs, because it is the default. */
function validateRestartPolicy(
  policy: string | undefined,
  supported: readonly string[],
): FieldError[] {
  const field = 'spec.template.spec.restartPolicy'
  if (supported.includes(policy ?? '')) return []
  const values = supported.map((each) => JSON.stringify(each)).join(', ')
  return policy === 'Always'
    ? [required(field, `valid values: ${values}`)]
    : [notSupported(field, policy, supported)]
}

function validateSelector({ selector, template }: Templated, owner: string): FieldError[] {
  const labels = template?.metadata?.labels ?? {}
  const mismatch = invalidValue(
    'spec.template.metadata.labels',
    labels,
    '`selector` does not match template `labels`',
  )
  // Without a selector upstream reports both: that it is required, and that it matches nothing.
  if (!selector) return [required('spec.selector'), mismatch]
  const isEmpty =
    !Object.keys(selector.matchLabels ?? {}).length && !selector.matchExpressions?.length
  if (isEmpty) {
    return [
      invalidValue(
        'spec.selector',
        selector,
        `empty selector is invalid for ${owner.toLowerCase()}`,
      ),
    ]
  }
  const errors = validateLabelSelector(selector, 'spec.selector')
  if (errors.length > 0) {
    return [...errors, invalidValue('spec.selector', selector, 'invalid label selector')]
  }
  return matchesLabels(labelSelectorOf(selector), labels) ? [] : [mismatch]
}
