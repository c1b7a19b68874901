import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sourceFiles } from './source-files.ts'

const path = 'packages/scheduling/src/state/pod-traits.ts'
const text = sourceFiles(path).find((file) => file.path === path)?.text ?? ''

/** The fields that a part of the file names in this way. */
function fieldsIn(part: RegExp, field: RegExp): ReadonlySet<string> {
  const [found = ''] = part.exec(text) ?? []
  const fields = new Set([...found.matchAll(field)].map(([, name = '']) => name))
  assert.ok(fields.size > 3, `${path}: ${part} is not there`)
  return fields
}

const missing = (wanted: ReadonlySet<string>, ...present: ReadonlySet<string>[]): string[] =>
  present.flatMap((fields) => [...wanted.difference(fields)])

test('each field of a pod that its traits are told by is compared where pods are judged to be alike', () => {
  const inKey = fieldsIn(/^export function traitsKey.*?^}/ms, /\bspec\.(\w+)/g)
  const compared = fieldsIn(/^export function areAlike.*?^}/ms, /\bwishes\.(\w+)/g)
  const parts = fieldsIn(/^const specParts = .*?\]/ms, /'(\w+)'/g)
  assert.deepEqual(missing(inKey, compared, parts), [], path)
})

test('and so is each field of its containers', () => {
  const inKey = fieldsIn(/^const partsOf = \(\{.*?\}/ms, /\b(?!const|partsOf)([a-z]\w+)/g)
  const compared = fieldsIn(/^const isContainerAlike = .*?\n\n/ms, /\ba\.(\w+)/g)
  assert.deepEqual(missing(inKey, compared), [], path)
})
