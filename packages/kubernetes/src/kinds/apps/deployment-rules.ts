import { type FieldError, forbiddenField, invalidValue, notSupported } from '../../field-error.ts'
import { nonNegative } from '../../field-rules.ts'
import type { Deployment } from '../../object.ts'
import { setTemplateDefaults } from '../../pod-spec/pod-template-defaults.ts'
import { validateTemplate } from '../../pod-spec/pod-template-validation.ts'
import { amountProblems } from './amount.ts'

/** Fills in what apps/v1 fills in; changes the object. */
export function setDeploymentDefaults(object: Deployment): void {
  setTemplateDefaults(object)
  const { spec } = object
  spec.replicas ??= 1
  spec.strategy ??= {}
  spec.strategy.type ||= 'RollingUpdate'
  if (spec.strategy.type === 'RollingUpdate') {
    spec.strategy.rollingUpdate = {
      maxUnavailable: '25%',
      maxSurge: '25%',
      ...spec.strategy.rollingUpdate,
    }
  }
  spec.revisionHistoryLimit ??= 10
  spec.progressDeadlineSeconds ??= 600
}

/** What is wrong with a Deployment's spec. */
export function validateDeployment({ spec }: Deployment): FieldError[] {
  const deadline = spec.progressDeadlineSeconds
  return [
    ...nonNegative('spec.replicas', spec.replicas),
    ...validateTemplate(spec, 'Deployment'),
    ...validateStrategy(spec.strategy),
    ...nonNegative('spec.minReadySeconds', spec.minReadySeconds),
    ...nonNegative('spec.revisionHistoryLimit', spec.revisionHistoryLimit),
    ...(deadline !== undefined && deadline <= (spec.minReadySeconds ?? 0)
      ? [
          invalidValue(
            'spec.progressDeadlineSeconds',
            deadline,
            'must be greater than minReadySeconds',
          ),
        ]
      : []),
  ]
}

function validateStrategy(strategy: Deployment['spec']['strategy']): FieldError[] {
  const { type, rollingUpdate } = strategy ?? {}
  if (type === 'Recreate' && rollingUpdate) {
    const detail = "may not be specified when strategy `type` is 'Recreate'"
    return [forbiddenField('spec.strategy.rollingUpdate', detail)]
  }
  if (type === 'Recreate') return []
  if (type !== 'RollingUpdate') {
    return [notSupported('spec.strategy', strategy, ['Recreate', 'RollingUpdate'])]
  }
  const { maxUnavailable, maxSurge } = rollingUpdate ?? {}
  const at = 'spec.strategy.rollingUpdate'
  const errors = [
    ...amountProblems(`${at}.maxUnavailable`, maxUnavailable),
    ...amountProblems(`${at}.maxSurge`, maxSurge),
  ]
  if (
    Number.parseInt(String(maxUnavailable), 10) === 0 &&
    Number.parseInt(String(maxSurge), 10) === 0
  ) {
    errors.push(
      invalidValue(`${at}.maxUnavailable`, maxUnavailable, 'may not be 0 when `maxSurge` is 0'),
    )
  }
  if (typeof maxUnavailable === 'string' && Number.parseInt(maxUnavailable, 10) > 100) {
    errors.push(
      invalidValue(`${at}.maxUnavailable`, maxUnavailable, 'must not be greater than 100%'),
    )
  }
  return errors
}
