import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isTest, sourceFiles } from './source-files.ts'

const files = sourceFiles('.ts', '.mjs')
const [biome] = sourceFiles('biome.json')
const linesMax = 320
const columnsMax = 132
const bannedFolders = ['utils', 'util', 'helpers', 'common', 'core', 'lib', 'misc']
/** Kubernetes' own name for its first group. */
const coreGroup = 'packages/kubernetes/src/kinds/core/'
const bannedSuffixes = /(manager|handler|processor|repository|helper|utils?)\.ts$/

test('no folder is named after nothing', () => {
  for (const { path } of sourceFiles('')) {
    if (path.startsWith(coreGroup)) continue
    const folders = path.split('/').slice(0, -1)
    const banned = folders.find((folder) => bannedFolders.includes(folder))
    assert.equal(banned, undefined, `${path}: name the folder after what lives there`)
  }
})

test('files are named in kebab-case after the one thing they export', () => {
  for (const { path } of files) {
    const name = path.split('/').at(-1) ?? ''
    assert.match(name, /^[a-z0-9.]+(-[a-z0-9.]+)*$/, `${path}: kebab-case, please`)
    assert.doesNotMatch(
      name,
      bannedSuffixes,
      `${path}: say what it is, not that it handles something`,
    )
  }
})

test('a file has a size that can be read at once', () => {
  for (const file of files) {
    if (isTest(file)) continue
    const lines = file.text.split('\n').length
    assert.ok(lines <= linesMax, `${file.path} has ${lines} lines: look for the seam`)
  }
})

test('half of the files are short', () => {
  const lengths = files
    .filter((file) => !isTest(file) && file.path.endsWith('.ts'))
    .map(({ text }) => text.split('\n').length)
    .toSorted((a, b) => a - b)
  const median = lengths[lengths.length >> 1] ?? 0
  assert.ok(median <= 54, `half of the files have more than ${median} lines`)
})

test('at most one level of folders under src', () => {
  for (const { path } of files) {
    const below = path.split('/src/')[1]
    assert.ok(!below || below.split('/').length <= 3, `${path} lies too deep`)
  }
})

test('no banners, no leftovers', () => {
  for (const { path, text } of files) {
    if (path.startsWith('test/tidy/')) continue
    assert.doesNotMatch(text, /\b(TODO|FIXME|XXX|HACK)\b/, `${path}: finish it or leave it out`)
    assert.doesNotMatch(text, /^\s*\/\/ ?[-=*#]{4,}/m, `${path}: no banners`)
  }
})

test('comments wrap before they are too wide to be read beside another file', () => {
  for (const { path, text } of files) {
    const wide = text
      .split('\n')
      .find((line) => /^\s*(\/\/|\/?\*)/.test(line) && line.length > columnsMax)
    assert.equal(wide, undefined, `${path}: wrap at some 120 columns`)
  }
})

test('that functions are short and imports have no cycles holds for all production code', () => {
  const rules = /noExcessiveLinesPerFunction|noImportCycles/
  const { overrides }: { overrides: { includes: string[] }[] } = JSON.parse(biome?.text ?? '')
  const stating = overrides.filter((each) => rules.test(JSON.stringify(each)))
  assert.equal(stating.length, 1, 'biome.json: no exceptions')
  for (const part of ['packages/**', 'services/**', 'infra/**', 'cli/**']) {
    assert.ok(stating[0]?.includes.includes(part), `biome.json: ${part}`)
  }
  for (const { path, text } of files) {
    if (path.startsWith('test/tidy/')) continue
    assert.doesNotMatch(text, /biome-ignore lint\/\S+(Lines|Cycles)/, `${path}: smaller pieces`)
  }
})
