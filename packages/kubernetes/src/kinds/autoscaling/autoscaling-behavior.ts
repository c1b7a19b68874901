import {
  type FieldError,
  forbiddenField,
  invalidValue,
  notSupported,
  required,
} from '../../field-error.ts'
import type { HorizontalPodAutoscaler } from '../../object.ts'

type Spec = HorizontalPodAutoscaler['spec']
type Behavior = NonNullable<Spec['behavior']>
type Rules = NonNullable<Behavior['scaleUp']>
type Policy = NonNullable<Rules['policies']>[number]

const percent = { type: 'Percent', value: 100, periodSeconds: 15 }

/**
 * Fills in upstream's defaults where a behavior is given: scaling up without delay, by four pods or by 100 % in 15 s;
 * scaling down by 100 %.
 */
export function setBehaviorDefaults(behavior: Behavior): void {
  behavior.scaleUp = {
    stabilizationWindowSeconds: 0,
    selectPolicy: 'Max',
    policies: [{ type: 'Pods', value: 4, periodSeconds: 15 }, percent],
    ...behavior.scaleUp,
  }
  behavior.scaleDown = { selectPolicy: 'Max', policies: [percent], ...behavior.scaleDown }
}

const windowSecondsMax = 3600
const periodSecondsMax = 1800

export const validateBehavior = ({ behavior }: Spec): FieldError[] =>
  (['scaleUp', 'scaleDown'] as const).flatMap((direction) => {
    const rules = behavior?.[direction]
    return rules ? validateRules(rules, `spec.behavior.${direction}`) : []
  })

function validateRules(rules: Rules, field: string): FieldError[] {
  const { stabilizationWindowSeconds: window = 0, selectPolicy = 'Max', policies = [] } = rules
  const selections = ['Disabled', 'Max', 'Min']
  const at = `${field}.stabilizationWindowSeconds`
  return [
    ...('tolerance' in rules ? [forbiddenField(`${field}.tolerance`, 'it is a tenth')] : []),
    ...(window < 0 ? [invalidValue(at, window, 'must be greater than or equal to zero')] : []),
    ...(window > windowSecondsMax
      ? [invalidValue(at, window, `must be less than or equal to ${windowSecondsMax}`)]
      : []),
    ...(selections.includes(selectPolicy)
      ? []
      : [notSupported(`${field}.selectPolicy`, selectPolicy, selections)]),
    ...(policies.length === 0
      ? [required(`${field}.policies`, 'must specify at least one Policy')]
      : policies.flatMap((policy, index) => validatePolicy(policy, `${field}.policies[${index}]`))),
  ]
}

function validatePolicy(
  { type, value, periodSeconds: period }: Policy,
  field: string,
): FieldError[] {
  const types = ['Percent', 'Pods']
  const at = `${field}.periodSeconds`
  return [
    ...(types.includes(type) ? [] : [notSupported(`${field}.type`, type, types)]),
    ...(value > 0 ? [] : [invalidValue(`${field}.value`, value, 'must be greater than zero')]),
    ...(period > 0 ? [] : [invalidValue(at, period, 'must be greater than zero')]),
    ...(period > periodSecondsMax
      ? [invalidValue(at, period, `must be less than or equal to ${periodSecondsMax}`)]
      : []),
  ]
}
