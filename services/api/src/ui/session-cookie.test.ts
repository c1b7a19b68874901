import assert from 'node:assert/strict'
import { test } from 'node:test'
import { halvesOf, tokenOf } from './session-cookie.ts'

test('a token comes back from its two halves, and from no others', () => {
  const [one, other] = [halvesOf('token-1'), halvesOf('token-1')]
  assert.equal(tokenOf(one), 'token-1')
  assert.equal(tokenOf({ cookie: one.cookie, half: other.half }), undefined)
  assert.equal(tokenOf({ cookie: '', half: one.half }), undefined)
  assert.equal(tokenOf({ cookie: one.cookie, half: 'x' }), undefined)
  assert.ok(!Buffer.from(one.cookie, 'base64url').toString('latin1').includes('token'))
})
