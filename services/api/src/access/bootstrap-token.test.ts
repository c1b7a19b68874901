import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bootstrapTokenSecret } from '@reckon/kubernetes'
import { startedApi } from '../api.fixture.ts'
import { type Authenticator, authenticated } from './authenticator.ts'
import { bootstrapToken } from './bootstrap-token.ts'
import { RefusedCredentials } from './refused-credentials.ts'

const tokens = '/api/v1/namespaces/kube-system/secrets'

test('a machine is known by its bootstrap token until that ends or is deleted; garbage is refused', async (t) => {
  let byToken: Authenticator = () => undefined
  const admin = authenticated('ada', ['system:masters'])
  const authenticator: Authenticator = async (request) => (await byToken(request)) ?? admin
  const api = await startedApi({ authenticator })
  t.after(api.close)
  byToken = bootstrapToken(api.ports, new RefusedCredentials(api.ports))
  const keep = async (id: string, endsMs: number) => {
    const body = bootstrapTokenSecret({ id, secret: '0123456789abcdef' }, { endsMs })
    assert.equal((await api.ask('POST', tokens, { body })).code, 201)
  }
  await keep('abcdef', Date.now() + 60_000)
  await keep('ended0', Date.now() - 1)
  const codeAs = async (token: string) => {
    const headers = { authorization: `Bearer ${token}` }
    return (await api.app.inject({ url: '/api/v1/nodes', headers })).statusCode
  }
  // Authenticated, and allowed nothing.
  assert.equal(await codeAs('abcdef.0123456789abcdef'), 403)
  assert.equal(await codeAs('abcdef.0123456789abcdee'), 401)
  assert.equal(await codeAs('ended0.0123456789abcdef'), 401)
  assert.equal(await codeAs('nobody.0123456789abcdef'), 401)
  await api.ask('DELETE', `${tokens}/bootstrap-token-abcdef`)
  assert.equal(await codeAs('abcdef.0123456789abcdef'), 401)
})
