import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sourceFiles } from './source-files.ts'

const documents = sourceFiles('.md').filter(
  ({ path }) => !path.includes('/') || path.startsWith('docs/'),
)
const tracked = sourceFiles('').map(({ path }) => path)

/** A file in backticks: its path from the root, or the end of it where a sentence before has named the folder. */
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
