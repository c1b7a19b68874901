import { type FieldError, invalidValue, notSupported, required } from '../../field-error.ts'
import { nonNegative } from '../../field-rules.ts'
import type { DaemonSet, Undefaulted } from '../../object.ts'
import { setTemplateDefaults } from '../../pod-spec/pod-template-defaults.ts'
import { validateTemplate } from '../../pod-spec/pod-template-validation.ts'
import { amountProblems } from './amount.ts'

/** Fills in what apps/v1 fills in; changes the object. */
export function setDaemonSetDefaults(object: Undefaulted<DaemonSet>): void {
  setTemplateDefaults(object)
  const { spec } = object
  if (spec === undefined) return
  spec.updateStrategy ??= {}
  spec.updateStrategy.type ||= 'RollingUpdate'
  if (spec.updateStrategy.type === 'RollingUpdate') {
    const given = spec.updateStrategy.rollingUpdate
    spec.updateStrategy.rollingUpdate = { maxUnavailable: 1, maxSurge: 0, ...given }
  }
  spec.revisionHistoryLimit ??= 10
}

/** What is wrong with a DaemonSet's spec. */
export function validateDaemonSet({ spec }: DaemonSet): FieldError[] {
  return [
    ...validateTemplate(spec, 'DaemonSet'),
    ...nonNegative('spec.minReadySeconds', spec.minReadySeconds),
    ...validateStrategy(spec.updateStrategy),
    ...nonNegative('spec.revisionHistoryLimit', spec.revisionHistoryLimit),
  ]
}

function validateStrategy(strategy: DaemonSet['spec']['updateStrategy']): FieldError[] {
  const { type, rollingUpdate } = strategy ?? {}
  if (type === 'OnDelete') return []
  if (type !== 'RollingUpdate') {
    return [notSupported('spec.updateStrategy', strategy, ['RollingUpdate', 'OnDelete'])]
  }
  const at = 'spec.updateStrategy.rollingUpdate'
  if (rollingUpdate === undefined) return [required(at)]
  const { maxUnavailable, maxSurge } = rollingUpdate
  const [unavailable, surge] = [isSome(maxUnavailable), isSome(maxSurge)]
  return [
    ...amountProblems(`${at}.maxUnavailable`, maxUnavailable),
    ...amountProblems(`${at}.maxSurge`, maxSurge),
    ...[maxUnavailable, maxSurge].flatMap((amount, index) =>
      typeof amount === 'string' && Number.parseInt(amount, 10) > 100
        ? [
            invalidValue(
              `${at}.${index === 0 ? 'maxUnavailable' : 'maxSurge'}`,
              amount,
              'must not be greater than 100%',
            ),
          ]
        : [],
    ),
    ...(unavailable && surge
      ? [invalidValue(`${at}.maxSurge`, maxSurge, 'may not be set when maxUnavailable is non-zero')]
      : []),
    ...(unavailable || surge
      ? []
      : [required(`${at}.maxUnavailable`, 'cannot be 0 when maxSurge is 0')]),
  ]
}

const isSome = (amount: number | string | undefined): boolean =>
  Number.parseInt(String(amount ?? 0), 10) > 0
