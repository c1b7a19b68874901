/** A field that is otherwise than it was; `from` or `to` is undefined where it was not there, or is not any more. */
export type FieldChange = { readonly field: string; readonly from?: unknown; readonly to?: unknown }

/** What servers note for themselves with every change. */
const noise = new Set(['metadata.managedFields', 'metadata.resourceVersion', 'metadata.generation'])

/** Which fields of an object are otherwise, each as deep as it goes; what has a name in a list is found by that. */
export function fieldChanges(from: unknown, to: unknown, field = ''): readonly FieldChange[] {
  if (noise.has(field) || isSame(from, to)) return []
  const [before, after] = [entriesOf(from), entriesOf(to)]
  if (before === undefined || after === undefined) {
    return [{ field, ...(from !== undefined && { from }), ...(to !== undefined && { to }) }]
  }
  const names = [...new Set([...before.keys(), ...after.keys()])]
  const isList = Array.isArray(from)
  return names.flatMap((name) => {
    const inner = isList ? `${field}[${name}]` : field === '' ? name : `${field}.${name}`
    return fieldChanges(before.get(name), after.get(name), inner)
  })
}

const isSame = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b)

/**
 * Its parts by their names; undefined of what has none. Equal in order is equal enough: the API tells keys in one
 * order.
 */
function entriesOf(value: unknown): ReadonlyMap<string, unknown> | undefined {
  if (Array.isArray(value)) {
    return new Map(value.map((each, index) => [nameOf(each) ?? String(index), each]))
  }
  if (typeof value !== 'object' || value === null) return undefined
  return new Map(Object.entries(value))
}

function nameOf(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null || !('name' in value)) return undefined
  return typeof value.name === 'string' ? value.name : undefined
}
