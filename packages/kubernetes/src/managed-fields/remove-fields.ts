import type { Schema } from '../schemas/schema.ts'
import { type FieldSet, fieldsBelow, hasStep, isEmpty, setOf } from './field-set.ts'
import { isNamed, partsOf, schemaAt, structureOf, valueOfParts } from './structure.ts'

/**
 * Removes the fields of a set from a value, and containers that become empty (structured-merge-diff, `RemoveItems`).
 */
export function withoutFields(schema: Schema, value: unknown, set: FieldSet): unknown {
  const structure = structureOf(schema, value)
  if (structure === 'leaf') return value
  const kept = partsOf(schema, value).flatMap((part) => {
    if (hasStep(set, part.step)) return []
    const below = fieldsBelow(set, part.step)
    const rest = isEmpty(below) ? part.value : withoutFields(part.schema, part.value, below)
    return rest === undefined ? [] : [{ ...part, value: rest }]
  })
  return valueOfParts(structure, kept)
}

/** Adds every field that the schema names and that has a member below it (`EnsureNamedFieldsAreMembers`). */
export const withNamedFields = (schema: Schema, set: FieldSet): FieldSet =>
  setOf(
    Object.keys(set)
      .filter((step) => step !== '.')
      .map((step) => {
        const below = withNamedFields(schemaAt(schema, step), fieldsBelow(set, step))
        return [step, hasStep(set, step) || isNamed(schema, step), below] as const
      }),
  )
