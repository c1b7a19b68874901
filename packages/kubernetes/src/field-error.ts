import { jsonText } from './json/json-text.ts'
import type { StatusCause } from './status-error.ts'

/** What is wrong with one field, in the words of Kubernetes' `field.Error`. */
export type FieldError = StatusCause & { field: string }

/** The field must be given. */
export const required = (field: string, detail = ''): FieldError => ({
  reason: 'FieldValueRequired',
  message: detail === '' ? 'Required value' : `Required value: ${detail}`,
  field,
})

/** The field's value breaks a rule. */
export const invalidValue = (field: string, value: unknown, detail: string): FieldError => ({
  reason: 'FieldValueInvalid',
  message: `Invalid value: ${jsonText(value)}: ${detail}`,
  field,
})

/** As `invalidValue`, of the name of a resource, which upstream prints bare. */
export const invalidName = (field: string, name: string, detail: string): FieldError => ({
  reason: 'FieldValueInvalid',
  message: `Invalid value: ${name}: ${detail}`,
  field,
})

/** The field's value is none of those that are supported. */
export const notSupported = (
  field: string,
  value: unknown,
  supported: readonly string[],
): FieldError => ({
  reason: 'FieldValueNotSupported',
  message: `Unsupported value: ${jsonText(value)}: supported values: ${supported
    .map((item) => JSON.stringify(item))
    .join(', ')}`,
  field,
})

/** The field may not be set or changed here. */
export const forbiddenField = (field: string, detail: string): FieldError => ({
  reason: 'FieldValueForbidden',
  message: `Forbidden: ${detail}`,
  field,
})

/** The value occurs twice where it must be unique. */
export const duplicate = (field: string, value: unknown): FieldError => ({
  reason: 'FieldValueDuplicate',
  message: `Duplicate value: ${jsonText(value)}`,
  field,
})

/** The list is longer than `most`. */
export const tooMany = (field: string, count: number, most: number): FieldError => ({
  reason: 'FieldValueTooMany',
  message: `Too many: ${count}: must have at most ${most} items`,
  field,
})

/** The value names something that is not there. */
export const notFoundValue = (field: string, value: unknown): FieldError => ({
  reason: 'FieldValueNotFound',
  message: `Not found: ${jsonText(value)}`,
  field,
})

/** The value is longer than `bytesMax`. */
export const tooLong = (field: string, bytesMax: number): FieldError => ({
  reason: 'FieldValueTooLong',
  message: `Too long: may not be more than ${bytesMax} bytes`,
  field,
})
