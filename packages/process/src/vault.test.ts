import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { createVault } from './vault.ts'

const vault = createVault(randomBytes(32))

test('a text is opened by its key at its place only', () => {
  const { key } = vault.wrap('keys-1')
  const sealed = vault.seal(key, 'hunter2', 'secrets-default/db e1')
  assert.equal(vault.open(key, sealed, 'secrets-default/db e1'), 'hunter2')
  assert.throws(() => vault.open(key, sealed, 'secrets-default/db e2'))
  assert.throws(() => vault.open(vault.wrap('keys-1').key, sealed, 'secrets-default/db e1'))
  const data = Buffer.from('anything').toString('base64')
  assert.throws(() => vault.open(key, { ...sealed, data }, 'secrets-default/db e1'))
  assert.throws(() =>
    vault.open(key, { ...sealed, tag: sealed.tag.slice(0, 8) }, 'secrets-default/db e1'),
  )
})

test('a data key is unwrapped by its master key at its place only', () => {
  const { key, wrapped } = vault.wrap('keys-1')
  assert.deepEqual(vault.unwrap(wrapped, 'keys-1'), key)
  assert.throws(() => vault.unwrap(wrapped, 'keys-2'))
  assert.equal(createVault(randomBytes(32)).unwrap(wrapped, 'keys-1'), undefined)
  assert.ok(!wrapped.wrapped.includes(Buffer.from(key).toString('base64')))
})

test('the same text sealed twice is another one each time', () => {
  const { key } = vault.wrap('keys-1')
  assert.notDeepEqual(vault.seal(key, 'hunter2', ''), vault.seal(key, 'hunter2', ''))
})

test('a master key of another size is refused', () => {
  assert.throws(() => createVault(randomBytes(31)), /32 bytes/)
})
