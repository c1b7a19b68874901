import { type FieldError, invalidValue, type Schema } from '@reckon/kubernetes'

export const text: Schema = { type: 'string' }
export const int32: Schema = { type: 'integer', format: 'int32' }

/** The schema of a plugin's arguments, with the optional `apiVersion` and `kind` that upstream allows. */
export const argumentsSchema = (properties: Readonly<Record<string, Schema>>): Schema => ({
  properties: { apiVersion: text, kind: text, ...properties },
})

/** A list of resources by name, each with a weight. */
export const resourcesSchema: Schema = { items: { properties: { name: text, weight: int32 } } }

/** A problem where the number lies outside, both ends included. */
export const outside = (
  field: string,
  value: number,
  [least, most]: readonly [number, number],
): FieldError[] =>
  value >= least && value <= most
    ? []
    : [invalidValue(field, value, `not in valid range [${least}-${most}]`)]
