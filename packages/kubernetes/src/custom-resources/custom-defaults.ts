import { copyOf, isJsonObject, type JsonObject, setField } from '../json/json-object.ts'
import type { Schema } from '../schemas/schema.ts'

/** Fills in a schema's defaults, also within values that were filled in; modifies the value. */
export function setCustomDefaults(schema: Schema, value: unknown): void {
  if (Array.isArray(value)) {
    for (const item of value) setCustomDefaults(schema.items ?? {}, item)
  } else if (isJsonObject(value)) setFieldDefaults(schema, value)
}

function setFieldDefaults(schema: Schema, value: JsonObject): void {
  const { properties = {}, additionalProperties } = schema
  for (const [field, { default: fallback }] of Object.entries(properties)) {
    if (fallback !== undefined && !Object.hasOwn(value, field)) {
      setField(value, field, copyOf(fallback))
    }
  }
  for (const [field, child] of Object.entries(value)) {
    const known = Object.hasOwn(properties, field) ? properties[field] : additionalProperties
    if (known !== undefined) setCustomDefaults(known, child)
  }
}
