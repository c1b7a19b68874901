import { isJsonObject } from '../json/json-object.ts'

/**
 * One step of a path as `FieldsV1` writes it: `f:` with a field's name, `k:` with the keys of an item of a list that
 * is a map, `v:` with the value of an item of a list that is a set.
 */
export const fieldStep = (name: string): string => `f:${name}`

/** The step to an item of a map list: its keys, with defaults for absent ones. */
export function keyStep(
  item: unknown,
  keys: readonly string[],
  defaultOf: (key: string) => unknown,
): string {
  const values = isJsonObject(item) ? item : {}
  const found = keys
    .map((key) => [key, values[key] ?? defaultOf(key)] as const)
    .filter(([, value]) => value !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
  return `k:${JSON.stringify(Object.fromEntries(found))}`
}

export const valueStep = (value: unknown): string => `v:${JSON.stringify(value)}`

/** Whether a step leads to an item of a list. */
export const isItemStep = (step: string): boolean => !step.startsWith('f:')

/** The name of the field to which a step leads. */
export const fieldNameOf = (step: string): string => step.slice(2)

/** A path in upstream's form: `.spec.containers[name="web"].image`. */
export function pathText(path: readonly string[]): string {
  return path.map(stepText).join('')
}

function stepText(step: string): string {
  const content = step.slice(2)
  if (step.startsWith('f:')) return `.${content}`
  if (step.startsWith('v:')) return `[=${content}]`
  if (step.startsWith('i:')) return `[${content}]`
  const keys: unknown = JSON.parse(content)
  const pairs = Object.entries(isJsonObject(keys) ? keys : {})
  return `[${pairs.map(([key, value]) => `${key}=${JSON.stringify(value)}`).join(',')}]`
}
