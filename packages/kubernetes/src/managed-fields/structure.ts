import { isJsonObject, type JsonObject } from '../json/json-object.ts'
import type { Schema } from '../schemas/schema.ts'
import { resolved } from '../schemas/schemas.ts'
import { fieldNameOf, fieldStep, isItemStep, keyStep, valueStep } from './path-step.ts'

/** One part of a value: the step that leads to it, its schema, and itself. */
export type Part = { step: string; schema: Schema; value: unknown }

/**
 * How a value falls into parts that may have different managers: not at all (a scalar, or what is atomic), by its
 * fields, or by its items, each known by its keys or its value.
 */
export type Structure = 'leaf' | 'fields' | 'items'

/** By the schema where that says it; what no schema describes falls into its fields, and its lists are atomic. */
export function structureOf(schema: Schema, value: unknown): Structure {
  const found = resolved(schema)
  if (isJsonObject(value)) return found['x-kubernetes-map-type'] === 'atomic' ? 'leaf' : 'fields'
  const type = Array.isArray(value) && found['x-kubernetes-list-type']
  return type === 'map' || type === 'set' ? 'items' : 'leaf'
}

/** The parts of a value that has any, but for fields that another value has as the very same. */
export function partsOf(schema: Schema, value: unknown, other?: unknown): Part[] {
  const found = resolved(schema)
  if (isJsonObject(value)) {
    const known = isJsonObject(other) ? other : {}
    return Object.keys(value)
      .filter((name) => value[name] !== known[name])
      .map((name) => {
        return { step: fieldStep(name), schema: fieldSchema(found, name), value: value[name] }
      })
  }
  if (!Array.isArray(value)) return []
  const items = found.items ?? {}
  return value.map((item) => ({ step: itemStep(found, item), schema: items, value: item }))
}

function itemStep(list: Schema, item: unknown): string {
  if (list['x-kubernetes-list-type'] === 'set') return valueStep(item)
  const fields = resolved(list.items ?? {}).properties ?? {}
  return keyStep(item, list['x-kubernetes-list-map-keys'] ?? [], (key) => fields[key]?.default)
}

/** Whether a step leads to a field that the schema names: not to a key of a map, and to no item. */
export const isNamed = (schema: Schema, step: string): boolean =>
  !isItemStep(step) && Object.hasOwn(resolved(schema).properties ?? {}, fieldNameOf(step))

/** The schema of what a step leads to. */
export const schemaAt = (schema: Schema, step: string): Schema =>
  isItemStep(step)
    ? (resolved(schema).items ?? {})
    : fieldSchema(resolved(schema), fieldNameOf(step))

function fieldSchema({ properties, additionalProperties }: Schema, name: string): Schema {
  const named = properties && Object.hasOwn(properties, name) ? properties[name] : undefined
  return named ?? additionalProperties ?? {}
}

/** Whether there is nothing, or a container of nothing. */
export const isNothing = (value: unknown): boolean =>
  value === undefined ||
  value === null ||
  (Array.isArray(value) && value.length === 0) ||
  (isJsonObject(value) && Object.keys(value).length === 0)

/** Parts by their steps; those of which there are several stand together. */
export const byStep = (parts: readonly Part[]): Map<string, Part[]> =>
  Map.groupBy(parts, ({ step }) => step)

/** A value again of what is left of its parts; nothing where none is. */
export function valueOfParts(structure: Structure, parts: readonly Part[]): unknown {
  if (parts.length === 0) return undefined
  if (structure === 'items') return parts.map(({ value }) => value)
  const fields: JsonObject = {}
  for (const { step, value } of parts) {
    Object.defineProperty(fields, fieldNameOf(step), { ...isField, value })
  }
  return fields
}

const isField = { enumerable: true, writable: true, configurable: true }
