import assert from 'node:assert/strict'
import { test } from 'node:test'
import { normalPath } from './normal-path.ts'

test('a path is the one that Envoy compares by', () => {
  const paths = {
    '/': '/',
    '/a//b/': '/a//b/',
    '/x/../%61': '/a',
    '/a/%2e%2e/b?c#d': '/b',
    '/..': '/',
    '/a%2Fb%7E': '/a%2Fb~',
    '/ü b': '/%C3%BC%20b',
    '/"<>\\^`{|}': '/%22%3C%3E/%5E%60%7B%7C%7D',
    '/[;]%zz': '/[;]%zz',
    a: '/a',
    '//evil.test/a': '//evil.test/a',
  }
  assert.deepEqual(
    Object.fromEntries(Object.keys(paths).map((path) => [path, normalPath(path)])),
    paths,
  )
})
