import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { test } from 'node:test'
import { createTokenKey } from './token-key.ts'

const drawn = () => createTokenKey(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey)

test('what a key signed it knows again, and nothing else', async () => {
  const key = await drawn()
  const token = await key.sign({ sub: 'ada' })
  assert.deepEqual(await key.verify(token), { sub: 'ada' })
  const [header = '', , signature = ''] = token.split('.')
  const forged = Buffer.from(JSON.stringify({ sub: 'eve' })).toString('base64url')
  const none = Buffer.from(JSON.stringify({ alg: 'none' })).toString('base64url')
  for (const text of [
    'garbage',
    '',
    `${header}.${forged}.${signature}`,
    `${none}.${forged}.`,
    await (await drawn()).sign({ sub: 'ada' }),
  ]) {
    assert.equal(await key.verify(text), undefined)
  }
})

test('others verify by a JWK that is told, and no private part is', async () => {
  const { publicKeys, algorithm } = await drawn()
  assert.equal(algorithm, 'ES256')
  assert.deepEqual(Object.keys(publicKeys[0] ?? {}).sort(), [
    'alg',
    'crv',
    'kid',
    'kty',
    'use',
    'x',
    'y',
  ])
})
