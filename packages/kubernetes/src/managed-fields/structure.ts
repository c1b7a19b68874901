import { isJsonObject, type JsonObject } from '../json/json-object.ts'
import type { Schema } from '../schemas/schema.ts'
import { resolved } from '../schemas/schemas.ts'
import { fieldNameOf, fieldStep, isItemStep, keyStep, valueStep } from './path-step.ts'

/** A part of a value: its step, schema and value. */
export type Part = { step: string; schema: Schema; value: unknown }

/**
 * How a value is divided among managers: not at all (a scalar, or an atomic value), by fields, or by items that are
 * identified by keys or value.
 */
export type Structure = 'leaf' | 'fields' | 'items'

/** Decides by the schema; without one, maps are divided by fields and lists are atomic. */
export function structureOf(schema: Schema, value: unknown): Structure {
  const found = resolved(schema)
  if (isJsonObject(value)) return found['x-kubernetes-map-type'] === 'atomic' ? 'leaf' : 'fields'
  const type = Array.isArray(value) && found['x-kubernetes-list-type']
  return type === 'map' || type === 'set' ? 'items' : 'leaf'
}

/** The parts of a value; fields that `other` has as the very same value are left out. */
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

/** Whether the step is a field that the schema names, rather than a map's key or an item. */
export const isNamed = (schema: Schema, step: string): boolean =>
  !isItemStep(step) && Object.hasOwn(resolved(schema).properties ?? {}, fieldNameOf(step))

/** The schema at a step. */
export const schemaAt = (schema: Schema, step: string): Schema =>
  isItemStep(step)
    ? (resolved(schema).items ?? {})
    : fieldSchema(resolved(schema), fieldNameOf(step))

function fieldSchema({ properties, additionalProperties }: Schema, name: string): Schema {
  const named = properties && Object.hasOwn(properties, name) ? properties[name] : undefined
  return named ?? additionalProperties ?? {}
}

/** Whether a value is absent or an empty container. */
export const isNothing = (value: unknown): boolean =>
  value === undefined ||
  value === null ||
  (Array.isArray(value) && value.length === 0) ||
  (isJsonObject(value) && Object.keys(value).length === 0)

/** Groups parts by step. */
export const byStep = (parts: readonly Part[]): Map<string, Part[]> =>
  Map.groupBy(parts, ({ step }) => step)

/** Builds a value from its remaining parts; nothing where none remain. */
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
