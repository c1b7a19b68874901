import assert from 'node:assert/strict'
import { test } from 'node:test'
import { StatusError } from '@reckon/kubernetes'
import type { FastifyRequest } from 'fastify'
import { startedApi } from '../api.fixture.ts'
import { type Authenticator, authenticated, firstUser } from './authenticator.ts'

const byName = (name: string): Authenticator => {
  return ({ headers }) =>
    headers['x-name'] === name ? authenticated(name, ['system:masters']) : undefined
}
const refuses: Authenticator = async ({ headers }) => {
  if (headers['x-name'] !== undefined) throw new StatusError('Unauthorized', 'Unauthorized')
  return undefined
}
const asking = (name: string) => ({ headers: { 'x-name': name } }) as unknown as FastifyRequest

test('the first authenticator that knows the credential says who asks', async () => {
  const users = firstUser([byName('ada'), byName('eve')])
  assert.deepEqual(await users(asking('eve')), {
    name: 'eve',
    groups: ['system:masters', 'system:authenticated'],
  })
  assert.equal(await users(asking('bob')), undefined)
})

test('who shows a bad credential is refused, who shows none is anonymous', async (t) => {
  const api = await startedApi({ authenticator: firstUser([byName('ada'), refuses]) })
  t.after(api.close)
  const ask = (headers: Record<string, string>) => api.app.inject({ url: '/apis', headers })
  assert.equal((await ask({ 'x-name': 'ada' })).statusCode, 200)
  assert.equal((await ask({ 'x-name': 'mallory' })).statusCode, 401)
  assert.match((await ask({})).body, /system:anonymous/)
})
