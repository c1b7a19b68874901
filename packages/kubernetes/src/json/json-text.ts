import { isJsonObject } from './json-object.ts'

/** A value that `parseJson` made as JSON text: a bigint, which `JSON.stringify` refuses, is the number that was sent. */
export function jsonText(value: unknown): string {
  if (typeof value === 'bigint') return String(value)
  if (Array.isArray(value)) return `[${value.map(jsonText).join(',')}]`
  if (!isJsonObject(value)) return JSON.stringify(value) ?? 'null'
  const fields = Object.entries(value).filter(([, each]) => each !== undefined)
  return `{${fields.map(([field, each]) => `${JSON.stringify(field)}:${jsonText(each)}`).join(',')}}`
}
