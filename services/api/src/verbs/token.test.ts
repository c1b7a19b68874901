import assert from 'node:assert/strict'
import { test } from 'node:test'
import { AccountTokens } from '../access/account-tokens.ts'
import { type Authenticator, firstUser } from '../access/authenticator.ts'
import { bearerToken } from '../access/bearer-token.ts'
import { inDefault, startedApi } from '../api.fixture.ts'

const admin = { name: 'ada', groups: ['system:masters'] }

/** An api whose clients show tokens, or nothing and are the admin. */
async function tokenApi(t: { after(end: () => Promise<void>): void }) {
  const byToken: { authenticator?: Authenticator } = {}
  const authenticator: Authenticator = (request) => byToken.authenticator?.(request)
  const api = await startedApi({ authenticator: firstUser([authenticator, () => admin]) })
  t.after(api.close)
  byToken.authenticator = bearerToken(new AccountTokens(api.ports))
  const metadata = { name: 'builder' }
  const made = await api.ask('POST', inDefault('serviceaccounts'), {
    body: { apiVersion: 'v1', kind: 'ServiceAccount', metadata },
  })
  assert.equal(made.code, 201, made.text)
  const request = (spec: object, name = 'builder') =>
    api.ask('POST', `${inDefault('serviceaccounts')}/${name}/token`, {
      body: { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec },
    })
  const tokenFor = async (spec: object) => {
    const { code, text, json } = await request(spec)
    assert.equal(code, 201, text)
    return String((json.status as unknown as { token: string }).token)
  }
  const showing = (token: string, url = inDefault('configmaps')) =>
    api.app.inject({ url, headers: { authorization: `Bearer ${token}` } })
  return { api, request, tokenFor, showing }
}

test('who shows a token of an account is that account, and may what its roles allow', async (t) => {
  const { api, tokenFor, showing } = await tokenApi(t)
  const token = await tokenFor({})
  const refused = await showing(token)
  assert.equal(refused.statusCode, 403)
  assert.match(
    refused.body,
    /User \\"system:serviceaccount:default:builder\\" cannot list resource/,
  )
  const rbac = '/apis/rbac.authorization.k8s.io/v1/namespaces/default'
  const rules = [{ apiGroups: [''], resources: ['configmaps'], verbs: ['list'] }]
  const subjects = [{ kind: 'ServiceAccount', name: 'builder', namespace: 'default' }]
  const metadata = { name: 'reader' }
  await api.ask('POST', `${rbac}/roles`, { body: { kind: 'Role', metadata, rules } })
  const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'reader' }
  const binding = { kind: 'RoleBinding', metadata, roleRef, subjects }
  const bound = await api.ask('POST', `${rbac}/rolebindings`, { body: binding })
  assert.equal(bound.code, 201, bound.text)
  assert.equal((await showing(token)).statusCode, 200)
})

test('a token holds no longer than its account, and garbage is nobody’s', async (t) => {
  const { api, tokenFor, showing } = await tokenApi(t)
  const token = await tokenFor({})
  assert.equal((await showing('garbage')).statusCode, 401)
  assert.equal((await showing(token, '/version')).statusCode, 200)
  await api.ask('DELETE', `${inDefault('serviceaccounts')}/builder`)
  const { statusCode, body } = await showing(token)
  assert.equal(statusCode, 401)
  assert.match(body, /"reason":"Unauthorized"/)
})

test('one that is bound to a pod names it, and holds no longer than it', async (t) => {
  const { api, request, tokenFor, showing } = await tokenApi(t)
  const podOf = (name: string, serviceAccountName?: string) => ({
    ...{ apiVersion: 'v1', kind: 'Pod', metadata: { name } },
    spec: { containers: [{ name: 'c', image: 'i' }], serviceAccountName },
  })
  const made = await api.ask('POST', inDefault('pods'), { body: podOf('web', 'builder') })
  await api.ask('POST', inDefault('pods'), { body: podOf('other') })
  const boundTo = (name: string, more = {}) => ({
    boundObjectRef: { apiVersion: 'v1', kind: 'Pod', name, ...more },
  })
  assert.equal((await request(boundTo('none'))).code, 404)
  assert.equal((await request(boundTo('web', { uid: 'else' }))).code, 409)
  const { code, text } = await request(boundTo('other'))
  assert.equal(code, 400)
  assert.match(
    text,
    /cannot bind token for serviceaccount \\"builder\\" to pod running with different/,
  )
  const token = await tokenFor(boundTo('web', { uid: made.json.metadata.uid }))
  const path = '/apis/authentication.k8s.io/v1/tokenreviews'
  const body = { kind: 'TokenReview', spec: { token } }
  const review = await api.ask('POST', path, { body })
  const extra = /"authentication.kubernetes.io\/pod-name":\["web"\]/
  assert.match(review.text, /"authenticated":true/)
  assert.match(review.text, extra)
  await api.ask('DELETE', `${inDefault('pods')}/web`)
  assert.equal((await showing(token, '/version')).statusCode, 401)
  const later = await api.ask('POST', path, { body })
  assert.match(later.text, /pod web has been invalidated/)
})

test('what is asked of a token is checked, and an unknown account has none', async (t) => {
  const { api, request, tokenFor, showing } = await tokenApi(t)
  const short = await request({ expirationSeconds: 5 })
  assert.equal(short.code, 422)
  assert.match(short.text, /may not specify a duration less than 10 minutes/)
  assert.equal((await request({}, 'none')).code, 404)
  const forOthers = await tokenFor({ audiences: ['vault'] })
  assert.equal((await showing(forOthers)).statusCode, 401)
  const review = await api.ask('POST', '/apis/authentication.k8s.io/v1/tokenreviews', {
    body: { kind: 'TokenReview', spec: { token: forOthers, audiences: ['vault', 'other'] } },
  })
  assert.match(review.text, /"audiences":\["vault"\]/)
})

test('asking for a token records nothing, and others learn who signs', async (t) => {
  const { api, tokenFor } = await tokenApi(t)
  const head = await api.ports.log.head()
  await tokenFor({})
  assert.deepEqual(await api.ports.log.head(), head)
  const { json, code } = await api.ask('GET', '/.well-known/openid-configuration')
  assert.equal(code, 200)
  assert.equal(
    (json as unknown as { issuer: string }).issuer,
    'https://kubernetes.default.svc.cluster.local',
  )
  assert.match((await api.ask('GET', '/openid/v1/jwks')).text, /"keys"/)
})
