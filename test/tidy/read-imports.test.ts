import assert from 'node:assert/strict'
import { test } from 'node:test'
import { definersOf, importsOf } from './read-imports.ts'

test('imports are read as they are at run time', () => {
  const text = `import type { A } from './a.ts'
import { type B, c, d as e } from './b.ts'
import f, { g } from './f.ts'
import * as h from './h.ts'
import './i.ts'
export * from './j.ts'
export { k } from './k.ts'
const l = await import('./l.ts')`
  assert.deepEqual(
    importsOf(text).map(({ from, names, isExport }) => [from, names?.join() ?? '*', isExport]),
    [
      ['./b.ts', 'c,d', false],
      ['./f.ts', 'default,g', false],
      ['./h.ts', '*', false],
      ['./i.ts', '*', false],
      ['./j.ts', '*', true],
      ['./k.ts', 'k', true],
      ['./l.ts', '*', false],
    ],
  )
})

test('what an index passes on is looked for where it is defined', () => {
  const found = definersOf('packages/eventing/src/index.ts', ['execute', 'isOutage'])
  assert.deepEqual(found, [
    'packages/eventing/src/log/execute.ts',
    'packages/eventing/src/outage.ts',
  ])
})
