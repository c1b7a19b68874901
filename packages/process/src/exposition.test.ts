import assert from 'node:assert/strict'
import { test } from 'node:test'
import { familyText } from './exposition.ts'

const family = { name: 'pods', help: 'Pods', type: 'gauge' } as const

test('a metric is its head and a line for each sample, what is special in a label escaped', () => {
  const samples = [
    { labels: { name: 'a', why: 'a "b"\\\n' }, value: 1 },
    { labels: {}, value: 0.5 },
  ]
  assert.equal(
    familyText(family, samples),
    '# HELP pods Pods\n# TYPE pods gauge\npods{name="a",why="a \\"b\\"\\\\\\n"} 1\npods{} 0.5\n',
  )
})

test('a metric without samples is not told', () => {
  assert.equal(familyText(family, []), '')
})
