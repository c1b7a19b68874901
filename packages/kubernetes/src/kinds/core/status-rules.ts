import { type FieldError, invalidValue, tooLong } from '../../field-error.ts'
import { duplicates, oneOf } from '../../field-rules.ts'
import { labelKeyProblem } from '../../label-syntax.ts'

const conditionsMax = 100
const textBytesMax = 32_768

type Condition = { type?: string; status?: string; reason?: string; message?: string }

/** Validates the conditions of a status: each type once, a status of True, False or Unknown, and a bounded number. */
export function conditionErrors(conditions: readonly Condition[] = []): FieldError[] {
  const field = 'status.conditions'
  if (conditions.length > conditionsMax) {
    return [invalidValue(field, conditions.length, `must have at most ${conditionsMax} items`)]
  }
  return [
    ...duplicates(
      conditions.map(({ type }) => type),
      (index) => `${field}[${index}].type`,
    ),
    ...conditions.flatMap(({ type, status, reason, message }, index) => [
      ...typeErrors(`${field}[${index}].type`, type),
      ...oneOf(`${field}[${index}].status`, status, ['True', 'False', 'Unknown']),
      ...textErrors(`${field}[${index}].reason`, reason),
      ...textErrors(`${field}[${index}].message`, message),
    ]),
  ]
}

function typeErrors(field: string, type = ''): FieldError[] {
  const problem = labelKeyProblem(type)
  return problem ? [invalidValue(field, type, problem)] : []
}

/** Bounds the length of a text for people. */
export const textErrors = (field: string, text: string | undefined): FieldError[] =>
  text !== undefined && text.length > textBytesMax ? [tooLong(field, textBytesMax)] : []
