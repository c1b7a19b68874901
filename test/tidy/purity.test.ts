import assert from 'node:assert/strict'
import { test } from 'node:test'
import { definersOf, importsOf, resolved, textOf } from './read-imports.ts'
import { isTest, sourceFiles } from './source-files.ts'

/** What reads the clock, uses randomness, waits, or reaches outside of the program. */
const impure = [
  /\bDate\.now\b/,
  /\bDate\(\)/,
  /\bMath\.random\b/,
  /\brandomUUID\b/,
  /\bgetRandomValues\b/,
  /\bset(Timeout|Interval|Immediate)\b/,
  /\bqueueMicrotask\b/,
  /\bperformance\.(now|timeOrigin)\b/,
  /\bprocess\./,
  /\bglobalThis\b/,
  /\bfetch\(/,
  /\bimport\(/,
  /\bfrom 'node:(?!assert\/strict')/,
]

/** Pure parts, and pure files of the services: everything that they import is pure, too. */
const purePart =
  /^packages\/((kubernetes|domain|scheduling|routing)\/src|dashboard\/src\/(model|moment))\//
const pureFile =
  /^(packages\/node-plane\/src\/node-knowledge|services\/([^/]+\/src\/([^/]+\/)*(plan|sync)|api\/src\/streams\/container-of-pod|scheduler\/src\/queue|agent\/src\/(pods\/pod-status|node\/ipam)|replicator\/src\/ownership\/(claim|candidates|pod-counts|slot-name|pod-of-template)|replicator\/src\/[^/]+\/[a-z-]+-plan))\.ts$/

/** Libraries that only compute. */
const pureLibraries = new Set([
  'croner',
  'node:assert/strict',
  'rfc6902',
  'protobufjs/minimal.js',
  're2js',
  'sorted-btree',
  'tinyqueue',
  'yaml',
])

const production = sourceFiles('.ts').filter((file) => !isTest(file))
const entries = production.map(({ path }) => path).filter((path) => isPure(path))

function isPure(path: string): boolean {
  return purePart.test(path) || pureFile.test(path)
}

/** Everything that pure code imports, each with the importing file. */
function takenAlong(): ReadonlyMap<string, string> {
  const from = new Map(entries.map((path) => [path, path]))
  for (const [path] of from) {
    for (const { from: module, names } of importsOf(textOf(path))) {
      for (const file of definersOf(resolved(path, module), names)) {
        if (!from.has(file)) from.set(file, path)
      }
    }
  }
  return from
}

const withoutComments = (text: string): string =>
  text.replaceAll(/\/\*.*?\*\//gs, '').replaceAll(/(^|\s)\/\/.*$/gm, '')

test('pure code takes time, ids and randomness as arguments, and so does whatever it imports', () => {
  const taken = takenAlong()
  assert.ok(taken.size > entries.length, 'imports are followed')
  for (const [path, by] of taken) {
    const isOurs = path.endsWith('.ts') && textOf(path) !== ''
    const isData = path.endsWith('.json')
    assert.ok(isOurs || isData || pureLibraries.has(path), `${by} imports ${path}: is that pure?`)
    const text = withoutComments(textOf(path))
    const found = impure.find((word) => word.test(text))
    assert.equal(
      found,
      undefined,
      `${path} (from ${by}): ${found} is banned; take it as an argument`,
    )
  }
})

test('what a document calls pure is looked after here', () => {
  const documents = sourceFiles('.md').filter(({ path }) => /^(ARCHITECTURE|docs\/)/.test(path))
  for (const { path, text } of documents) {
    for (const [, file = ''] of text.matchAll(/`([\w./-]+\.ts)`,?\s\(?pure\b/g)) {
      const named = production.filter((each) => `/${each.path}`.endsWith(`/${file}`))
      assert.ok(
        named.some((each) => isPure(each.path)),
        `${path} calls ${file} pure`,
      )
    }
  }
})

test('the write path takes time, ids and randomness as arguments', () => {
  for (const { path, text } of production) {
    if (!path.startsWith('packages/writing/src/')) continue
    const found = impure.find((word) => word.test(withoutComments(text)))
    assert.equal(found, undefined, `${path}: ${found} is banned here; take it as an argument`)
  }
})

test('what chooses does not await, nor does what it imports', () => {
  for (const [path, by] of takenAlong()) {
    assert.doesNotMatch(
      withoutComments(textOf(path)),
      /\b(async|await)\b/,
      `${path} (from ${by}) awaits: a loop or an adapter does that`,
    )
  }
})

test('production code takes nothing from fixtures and tests', () => {
  for (const { path, text } of production) {
    for (const { from } of importsOf(text)) {
      const target = resolved(path, from)
      assert.doesNotMatch(target, /\.(fixture|test|e2e|long)\.ts$/, `${path} imports ${target}`)
    }
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
