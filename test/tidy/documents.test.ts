import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sourceFiles } from './source-files.ts'

const documents = sourceFiles('.md').filter(
  ({ path }) => !path.includes('/') || path.startsWith('docs/'),
)
const tracked = sourceFiles('').map(({ path }) => path)

/** A file in backticks: its path from the root, or the end of the path where a sentence before has named the folder. */
const named = /`([\w./-]+\.(?:ts|mjs|md|json|yaml))`/g

test('every file of ours that a document names is there', () => {
  for (const { path, text } of documents) {
    for (const [, file = ''] of text.matchAll(named)) {
      const isOurs = /\.(ts|mjs|md)$/.test(file) || file.includes('/')
      const isThere = tracked.some((each) => each === file || each.endsWith(`/${file}`))
      assert.ok(!isOurs || isThere, `${path} names ${file}, which is not there`)
    }
  }
})

/** Documents that are checked; others follow as they are changed. */
const wrapped =
  /^(ARCHITECTURE|CONTRIBUTING|docs\/(how-to|decisions|inside)\/[\w-]+|docs\/(event-store|ingress|operating|the-past))\.md$/

test('prose wraps at 120 columns; tables and code are as wide as they are', () => {
  for (const { path, text } of documents) {
    if (!wrapped.test(path)) continue
    const prose = text.replaceAll(/^ *```[\s\S]*?^ *```$/gm, '').split('\n')
    const wide = prose.find((line) => line.length > 120 && !line.startsWith('|'))
    assert.equal(wide, undefined, `${path}: wrap at 120 columns`)
  }
})

/** Its images are not ours: a Prometheus checks what it names, in `test/conformance/monitoring.test.ts`. */
const unfollowed = ['examples/monitoring/README.md']

test('the README of each example is followed by a test, command by command', () => {
  const tests = sourceFiles('.test.ts').filter(({ path }) => path.startsWith('test/e2e/'))
  const followed = tests.flatMap(({ text }) => text.match(/examples\/[\w/-]+\/README\.md/g) ?? [])
  const readmes = tracked.filter((path) => /^examples\/.+\/README\.md$/.test(path))
  assert.deepEqual(new Set([...followed, ...unfollowed]), new Set(readmes))
})

test('each decision has a number of its own', () => {
  const numbers = tracked.flatMap((path) => /^docs\/decisions\/(\d+)-/.exec(path)?.[1] ?? [])
  assert.deepEqual(numbers, [...new Set(numbers)])
})

test('every command of npm that a document names is there', () => {
  const scripts = Object.keys(JSON.parse(textAt('package.json')).scripts)
  for (const { path, text } of documents) {
    for (const [, script = ''] of text.matchAll(/`(?:[A-Z_]+=\S+ )*npm (?:run )?([\w:]+)/g)) {
      assert.ok(scripts.includes(script), `${path} names npm run ${script}, which is not there`)
    }
  }
})

test('what several packages use is in the catalog, and nothing else is', () => {
  const uses = new Map<string, string[]>()
  for (const path of tracked.filter((each) => /(^|\/)package\.json$/.test(each))) {
    const { dependencies = {}, devDependencies = {} } = JSON.parse(textAt(path))
    for (const [name, version] of Object.entries<string>({ ...dependencies, ...devDependencies })) {
      if (!version.startsWith('workspace:')) uses.set(name, [...(uses.get(name) ?? []), version])
    }
  }
  for (const [name, versions] of uses) {
    const inCatalog = versions.filter((version) => version === 'catalog:').length
    assert.equal(inCatalog, versions.length > 1 ? versions.length : 0, `${name}: ${versions}`)
  }
})

test('the code map has every part of the house, and no other', () => {
  const [, map = ''] = textAt('ARCHITECTURE.md').split('## Code map')
  const [rows = ''] = map.split('\n## ')
  const named = [...rows.matchAll(/^\| `([\w/-]+)` \|/gm)].map(([, part]) => part)
  const parts = tracked
    .filter((path) =>
      /^((packages|services|infra)\/[^/]+|cli|examples|test)\/package\.json$/.test(path),
    )
    .map((path) => path.replace('/package.json', ''))
  assert.deepEqual(named.toSorted(), parts.toSorted())
})

const textAt = (path: string): string =>
  sourceFiles(path).find((file) => file.path === path)?.text ?? ''
