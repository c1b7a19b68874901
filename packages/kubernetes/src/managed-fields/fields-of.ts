import { isJsonObject } from '../json/json-object.ts'
import type { Schema } from '../schemas/schema.ts'
import { type FieldSet, noFields, setOf } from './field-set.ts'
import { byStep, isNamed, isNothing, type Part, partsOf, structureOf } from './structure.ts'

/** The fields in a value, which whoever applies it owns (structured-merge-diff, `ToFieldSet`). */
export function fieldsOf(schema: Schema, value: unknown): FieldSet {
  if (structureOf(schema, value) === 'leaf') return noFields
  return setOf(
    Array.from(byStep(partsOf(schema, value)), ([step, [part, another]]) => {
      if (part === undefined || another !== undefined) return [step, true, noFields] as const
      const isIn = !isNamed(schema, step) || isWhole(part)
      return [step, isIn, fieldsOf(part.schema, part.value)] as const
    }),
  )
}

/** A value without parts is owned as a whole; an empty list is owned by nobody. */
const isWhole = ({ schema, value }: Part): boolean =>
  structureOf(schema, value) === 'leaf' || (isJsonObject(value) && isNothing(value))
