import assert from 'node:assert/strict'
import { test } from 'node:test'
import { configMap, inDefault, startedApi } from '../api.fixture.ts'
import { authenticated } from './authenticator.ts'

test('an admin asks in the name of others, and may then do what they may', async (t) => {
  const api = await startedApi()
  t.after(api.close)
  const ask = (headers: Record<string, string>, url = inDefault('pods')) =>
    api.app.inject({ url, headers })
  const jane = await ask({ 'impersonate-user': 'jane' })
  assert.equal(jane.statusCode, 403)
  assert.match(jane.json().message, /User "jane" cannot list resource "pods"/)
  const root = { 'impersonate-user': 'jane', 'impersonate-group': 'system:masters' }
  assert.equal((await ask(root)).statusCode, 200)
  const account = 'system:serviceaccount:ci:builder'
  const who = await api.app.inject({
    method: 'POST',
    url: '/apis/authentication.k8s.io/v1/selfsubjectreviews',
    headers: { 'impersonate-user': account, 'content-type': 'application/json' },
    payload: '{}',
  })
  assert.match(who.body, /User \\"system:serviceaccount:ci:builder\\" cannot create/)
})

test('who impersonated whom is recorded with what they did', async (t) => {
  const api = await startedApi()
  t.after(api.close)
  await api.app.inject({
    method: 'POST',
    url: inDefault('configmaps'),
    headers: { 'impersonate-user': 'jane', 'impersonate-group': 'system:masters' },
    payload: configMap('a'),
  })
  for await (const event of api.ports.log.follow(undefined, AbortSignal.timeout(5000))) {
    if (!('type' in event) || event.type !== 'ConfigMapCreated') continue
    assert.equal(event.metadata?.actor.user, 'jane')
    assert.equal(event.metadata?.actor.impersonator, 'ada')
    return
  }
})

test('who may not impersonate is refused, and so is a group without a user', async (t) => {
  const authenticator = () => authenticated('eve', [])
  const api = await startedApi({ authenticator })
  t.after(api.close)
  const refused = await api.app.inject({
    url: '/version',
    headers: { 'impersonate-user': 'root' },
  })
  assert.equal(refused.statusCode, 403)
  assert.equal(
    refused.json().message,
    'users "root" is forbidden: User "eve" cannot impersonate resource "users" in API group "" at the cluster scope',
  )
  const nobody = await api.app.inject({
    url: '/version',
    headers: { 'impersonate-group': 'devs' },
  })
  assert.equal(nobody.statusCode, 400)
})
