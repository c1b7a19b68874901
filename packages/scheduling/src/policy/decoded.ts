import { type FieldError, isRefusal, type Schema, typedValue } from '@reckon/kubernetes'

/** The path of a value, and the problems found so far. */
export type Reading = { readonly path: string; readonly problems: FieldError[] }

/** A part of a configuration, decoded by its schema; unknown fields are added to the problems. */
export function decoded<T>(schema: Schema, value: unknown, { path, problems }: Reading): T {
  const found = { unknown: [] as string[], inexact: [] as FieldError[] }
  try {
    return typedValue(schema, value, { path, owner: 'KubeSchedulerConfiguration', found }) as T
  } catch (error) {
    if (!isRefusal(error, 'BadRequest')) throw error
    problems.push({ reason: 'FieldValueInvalid', field: path, message: error.message })
    return {} as T
  } finally {
    problems.push(...found.unknown.map(unknownField), ...found.inexact)
  }
}

const unknownField = (path: string): FieldError => ({
  reason: 'FieldValueForbidden',
  field: path,
  message: `unknown field "${path}"`,
})
