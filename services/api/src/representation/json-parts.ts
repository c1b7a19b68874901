import { isJsonObject } from '@reckon/kubernetes'

/** So many elements of an array are encoded at once. */
const partElements = 100

/**
 * The JSON of a value of plain objects and arrays, the same as `JSON.stringify` makes, in parts: long arrays are encoded
 * some elements at a time, so that a long answer need not be made in one go.
 */
export function* jsonParts(value: unknown): Generator<string> {
  if (Array.isArray(value) && value.length > partElements) yield* partsOfArray(value)
  else if (isJsonObject(value)) yield* partsOfObject(value)
  else yield JSON.stringify(value) ?? 'null'
}

function* partsOfArray(array: readonly unknown[]): Generator<string> {
  for (let from = 0; from < array.length; from += partElements) {
    const elements = JSON.stringify(array.slice(from, from + partElements))
    yield `${from === 0 ? '[' : ','}${elements.slice(1, -1)}`
  }
  yield ']'
}

function* partsOfObject(object: Record<string, unknown>): Generator<string> {
  let before = '{'
  for (const [key, value] of Object.entries(object)) {
    if (value === undefined) continue
    yield `${before}${JSON.stringify(key)}:`
    yield* jsonParts(value)
    before = ','
  }
  yield before === '{' ? '{}' : '}'
}
