import assert from 'node:assert/strict'
import { test } from 'node:test'
import { StateHash } from './state-hash.ts'

const hashed = (write: (hash: StateHash) => void): string => {
  const hash = new StateHash()
  write(hash)
  return hash.toString()
}

test('equal states have equal hashes, whichever way led there', () => {
  const plain = hashed((hash) => hash.set('a', 1))
  assert.match(plain, /^[0-9a-f]{16}$/)
  const around = hashed((hash) => {
    hash.set('a', 2)
    hash.set('b', 3)
    hash.count('n', 7, 1)
    hash.set('a', 1)
    hash.set('b', undefined)
    hash.set('b', undefined)
    hash.count('n', 7, -1)
  })
  assert.equal(around, plain)
})

test('another value, another name, another node and another sort are another state', () => {
  const all = [
    hashed(() => {}),
    hashed((hash) => hash.set('a', 1)),
    hashed((hash) => hash.set('a', 2)),
    hashed((hash) => hash.set('b', 1)),
    hashed((hash) => hash.count('a', 1, 1)),
    hashed((hash) => hash.count('b', 1, 1)),
    hashed((hash) => hash.count('a', 2, 1)),
  ]
  assert.equal(new Set(all).size, all.length)
})
