import { referredName, resolved, type Schema } from '@reckon/kubernetes'

/** A field that has none below it: its path, and a value that its schema takes. */
export type Leaf = { path: string; type: string; options: readonly unknown[] }

/** Every leaf below a schema. What refers to itself is gone into once. */
export function leavesOf(schema: Schema, path = '', around: readonly string[] = []): Leaf[] {
  const name = referredName(schema)
  const found = resolved(schema)
  const isOpen = name === undefined || !around.includes(name)
  const inside = name === undefined ? around : [...around, name]
  if (found.properties && isOpen) {
    return Object.entries(found.properties).flatMap(([field, child]) =>
      leavesOf(child, path === '' ? field : `${path}.${field}`, inside),
    )
  }
  if (found.items) return leavesOf(found.items, `${path}[]`, inside)
  if (found.additionalProperties) return leavesOf(found.additionalProperties, `${path}.*`, inside)
  const type = name?.split('.').at(-1) ?? (found.format === 'byte' ? 'byte' : (found.type ?? ''))
  return [{ path, type, options: found.enum ?? schema.enum ?? [] }]
}

/** The schema of what a path names below another one. */
export const schemaAt = (schema: Schema, path: string): Schema =>
  path
    .replaceAll('[]', '.[]')
    .split('.')
    .reduce((found, field) => {
      const { items = {}, properties = {} } = resolved(found)
      return (field === '[]' ? items : properties[field]) ?? {}
    }, schema)

/** A value that the schema of a leaf without enumeration takes. */
export function sampleOf({ path, type }: Leaf): unknown {
  if (path.startsWith('externalIPs')) return '192.0.2.9'
  if (type === 'integer' || type === 'IntOrString') return 7
  if (type === 'Quantity') return '1'
  if (type === 'boolean') return true
  if (type === 'byte') return 'YQ=='
  if (type === 'Time') return '2026-01-01T00:00:00Z'
  return type === 'string' ? 'other' : {}
}

/**
 * An object with the value at a path: the first element of each list, the key `a` of each map; the rest as in `base`.
 */
export function withLeaf(base: unknown, path: string, value: unknown): unknown {
  if (path === '') return value
  const [first = '', ...rest] = path.split('.')
  const below = rest.join('.')
  const field = first === '*' ? 'a' : first.replace('[]', '')
  const fields = isFields(base) ? base : {}
  if (!first.endsWith('[]')) return { ...fields, [field]: withLeaf(fields[field], below, value) }
  const list = Array.isArray(fields[field]) ? fields[field] : []
  return { ...fields, [field]: [withLeaf(list[0], below, value), ...list.slice(1)] }
}

const isFields = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
