import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isTest, sourceFiles } from './source-files.ts'

const impure = [
  'Date.now',
  'new Date()',
  'Math.random',
  'randomUUID',
  'setTimeout',
  'setInterval',
  'setImmediate',
  'process.env',
  'performance.now',
  "from 'node:",
]

const pureFolders = [
  'packages/kubernetes/src/',
  'packages/domain/src/',
  'packages/scheduling/src/',
  'packages/routing/src/',
]

const isPure = (path: string): boolean =>
  pureFolders.some((folder) => path.startsWith(folder)) ||
  /^services\/replicator\/src\/[^/]+\/plan\.ts$/.test(path) ||
  /^services\/(scheduler\/src\/queue|agent\/src\/(sync|pod-status|ipam))\.ts$/.test(path)

const production = sourceFiles('.ts').filter((file) => !isTest(file))

test('pure code and the write path take time, ids and randomness as arguments', () => {
  for (const { path, text } of production) {
    if (!isPure(path) && !path.startsWith('packages/writing/src/')) continue
    for (const word of impure) {
      assert.ok(!text.includes(word), `${path}: ${word} is banned here; take it as an argument`)
    }
  }
})

test('nothing in domain awaits', () => {
  for (const { path, text } of production) {
    if (!path.startsWith('packages/domain/src/')) continue
    assert.doesNotMatch(
      text,
      /\b(async|await)\b/,
      `${path} awaits: what writes belongs to packages/writing`,
    )
  }
})

test('only main.ts and process read the environment', () => {
  for (const { path, text } of production) {
    const mayRead =
      /(^|\/)main\.ts$/.test(path) || /^(packages\/process|cli|infra|examples)\//.test(path)
    assert.ok(
      mayRead || !text.includes('process.env'),
      `${path} reads the environment; main.ts does that and passes values on`,
    )
  }
})
