import { type FieldError, forbiddenField, invalidValue, required } from '../field-error.ts'
import { labelKeyProblems, labelValueProblem } from '../label-syntax.ts'
import { validateLabels } from '../metadata-validation.ts'
import type { LabelSelector } from '../object.ts'

/** What is wrong with a label selector. */
export function validateLabelSelector(selector: LabelSelector, field: string): FieldError[] {
  const expressions = selector.matchExpressions ?? []
  return [
    ...validateLabels(selector.matchLabels, `${field}.matchLabels`),
    ...expressions.flatMap(({ key = '', operator = '', values = [] }, index) => {
      const at = `${field}.matchExpressions[${index}]`
      const errors = labelKeyProblems(key).map((problem) => invalidValue(`${at}.key`, key, problem))
      const valueErrors = values.flatMap((value, position) => {
        const valueProblem = labelValueProblem(value)
        return valueProblem ? [invalidValue(`${at}.values[${position}]`, value, valueProblem)] : []
      })
      return [...errors, ...validateOperator(operator, values, at), ...valueErrors]
    }),
  ]
}

function validateOperator(operator: string, values: readonly string[], at: string): FieldError[] {
  switch (operator) {
    case 'In':
    case 'NotIn':
      if (values.length > 0) return []
      return [required(`${at}.values`, "must be specified when `operator` is 'In' or 'NotIn'")]
    case 'Exists':
    case 'DoesNotExist':
      if (values.length === 0) return []
      return [
        forbiddenField(
          `${at}.values`,
          "may not be specified when `operator` is 'Exists' or 'DoesNotExist'",
        ),
      ]
    default:
      return [invalidValue(`${at}.operator`, operator, 'not a valid selector operator')]
  }
}
