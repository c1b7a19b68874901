import assert from 'node:assert/strict'
import { test } from 'node:test'
import { gunzipSync } from 'node:zlib'
import { AccountTokens } from '../access/account-tokens.ts'
import { type Authenticator, firstUser } from '../access/authenticator.ts'
import { inDefault, startedApi } from '../api.fixture.ts'
import { sessionUser } from './session.ts'
import { readUi } from './ui-files.ts'

/** Code to the first page, compressed. */
const bytesMax = 120_000

test('the page comes without a build, and allows itself nothing but its own files', async (t) => {
  const api = await startedApi()
  t.after(api.close)
  const page = await api.app.inject('/ui/')
  assert.equal(page.statusCode, 200)
  const policy = String(page.headers['content-security-policy'])
  for (const rule of [
    "default-src 'none'",
    "script-src 'self';",
    "style-src 'self'",
    "frame-ancestors 'none'",
    "trusted-types 'none'",
  ]) {
    assert.ok(policy.includes(rule), rule)
  }
  assert.ok(!policy.includes('unsafe'))
  const linked = [...page.body.matchAll(/(?:href|src)="\.\/([^"]+)"/g)].map(([, path = '']) => path)
  // Each costs a round trip.
  assert.equal(linked.length, 3)
  for (const path of linked) {
    const { statusCode, headers, body } = await api.app.inject(`/ui/${path}`)
    assert.equal(statusCode, 200, path)
    assert.match(String(headers['cache-control']), /immutable/)
    assert.doesNotMatch(body, /\bimport type\b/)
  }
  const compressed = await api.app.inject({
    url: `/ui/${linked[0]}`,
    headers: { 'accept-encoding': 'gzip' },
  })
  const plain = await api.app.inject(`/ui/${linked[0]}`)
  assert.equal(String(gunzipSync(compressed.rawPayload)), plain.body)
})

test('its paths are relative, and nothing else is below it', async (t) => {
  const api = await startedApi()
  t.after(api.close)
  const { statusCode, headers } = await api.app.inject('/ui')
  assert.deepEqual([statusCode, headers.location], [302, 'ui/'])
  for (const path of ['/ui/other/main.ts', '/ui/nothing']) {
    assert.equal((await api.app.inject(path)).statusCode, 404)
  }
})

test('the code of the first page is within its budget, and that of others is not in it', async () => {
  const { files, index } = await readUi()
  const text = String(index.plain)
  const linked = [...text.matchAll(/(?:href|src)="\.\/\w+\/([^"]+)"/g)].map(([, path = '']) => path)
  const first = [...new Set(linked)].flatMap((path) => files.get(path) ?? [])
  const bytes = [index, ...first].reduce((sum, { gzip }) => sum + gzip.length, 0)
  assert.ok(bytes <= bytesMax, `${bytes} bytes, compressed`)
  const code = String(files.get('first.mjs')?.plain)
  for (const path of ['main.ts', 'pages/overview.ts', 'libraries/preact.mjs']) {
    assert.ok(code.includes(`// ${path}\n`) && !files.has(path), path)
  }
  assert.ok(files.has('pages/cause.ts') && !code.includes('// pages/cause.ts\n'))
})

/** An api that knows sessions of the page alone; whoever shows none is the admin who makes tokens. */
async function sessionApi(t: { after(end: () => Promise<void>): void }) {
  const bySession: { authenticator?: Authenticator } = {}
  const authenticator: Authenticator = (request) => bySession.authenticator?.(request)
  const nobody = { name: 'system:anonymous', groups: ['system:unauthenticated'] }
  const who: { user: typeof nobody } = { user: { name: 'ada', groups: ['system:masters'] } }
  const api = await startedApi({ authenticator: firstUser([authenticator, () => who.user]) })
  t.after(api.close)
  bySession.authenticator = sessionUser(new AccountTokens(api.ports))
  const metadata = { name: 'admin-user' }
  await api.ask('POST', inDefault('serviceaccounts'), {
    body: { apiVersion: 'v1', kind: 'ServiceAccount', metadata },
  })
  const asked = await api.ask('POST', `${inDefault('serviceaccounts')}/admin-user/token`, {
    body: { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: {} },
  })
  const { status }: { status: { token: string } } = JSON.parse(asked.text)
  who.user = nobody
  const signIn = (body: object, headers = {}) =>
    api.app.inject({
      method: 'POST',
      url: '/ui/session',
      headers: { 'content-type': 'application/json', ...headers },
      payload: JSON.stringify(body),
    })
  const ask = (headers: Record<string, string>, url = inDefault('pods')) =>
    api.app.inject({ url, headers })
  return { api, token: status.token, signIn, ask }
}

const reviewed = '/apis/authentication.k8s.io/v1/selfsubjectreviews'

test('a token is exchanged for a session, which is both of its halves', async (t) => {
  const { api, token, signIn, ask } = await sessionApi(t)
  const begun = await signIn({ token })
  assert.equal(begun.statusCode, 200, begun.body)
  const set = String(begun.headers['set-cookie'])
  assert.match(set, /^__Host-reckon=[\w-]+; Path=\/; Secure; HttpOnly; SameSite=Strict$/)
  const cookie = set.split(';')[0] ?? ''
  const { half }: { half: string } = begun.json()
  assert.ok(!set.includes(token) && !begun.body.includes(token))
  const review = await api.app.inject({
    method: 'POST',
    url: reviewed,
    headers: { cookie, 'x-reckon-ui': half, 'content-type': 'application/json' },
    payload: JSON.stringify({ apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' }),
  })
  assert.match(review.body, /system:serviceaccount:default:admin-user/)
  const refused = await ask({ cookie, 'x-reckon-ui': half })
  assert.match(refused.body, /User \\"system:serviceaccount:default:admin-user\\" cannot list/)
  // Another port of this host, or a form of another site, has the cookie at most.
  assert.match((await ask({ cookie })).body, /system:anonymous/)
  assert.equal((await ask({ 'x-reckon-ui': half })).statusCode, 401)
  assert.equal((await ask({ cookie, 'x-reckon-ui': 'made-up' })).statusCode, 401)
})

test('a session is used from nowhere else, and opens no pod', async (t) => {
  const { token, signIn, ask } = await sessionApi(t)
  const begun = await signIn({ token })
  const cookie = String(begun.headers['set-cookie']).split(';')[0] ?? ''
  const session = { cookie, 'x-reckon-ui': String(begun.json().half) }
  const cross = await ask({ ...session, 'sec-fetch-site': 'cross-site' })
  assert.equal(cross.statusCode, 403)
  for (const written of ['proxy/', '%70roxy/', 'prox%79', 'proxy?a=b']) {
    const { statusCode } = await ask(session, `${inDefault('pods')}/web/${written}`)
    assert.equal(statusCode, 401, written)
  }
  // Objects may be called so.
  assert.equal((await ask(session, '/api/v1/namespaces/proxy/pods/proxy')).statusCode, 403)
  const elsewhere = await signIn({ token }, { 'sec-fetch-site': 'cross-site' })
  assert.equal(elsewhere.statusCode, 403)
})

test('a WebSocket of the page is of its session by a protocol that it offers, and of no other page', async (t) => {
  const { token, signIn, ask } = await sessionApi(t)
  const begun = await signIn({ token })
  const cookie = String(begun.headers['set-cookie']).split(';')[0] ?? ''
  const half: string = begun.json().half
  const offered = `v5.channel.k8s.io, half.ui.reckon.dev.${half}`
  const own = {
    cookie,
    'sec-websocket-protocol': offered,
    host: 'api:6443',
    origin: 'https://api:6443',
  }
  assert.match((await ask(own)).body, /admin-user\\" cannot list/)
  for (const origin of ['https://api:8443', 'http://api:6443', 'null']) {
    assert.match((await ask({ ...own, origin })).body, /used by the page of this server alone/)
  }
  const { cookie: _, ...without } = own
  assert.equal((await ask(without)).statusCode, 401)
})

test('a wrong token is refused with a reason, and so is nothing', async (t) => {
  const { signIn } = await sessionApi(t)
  const wrong = await signIn({ token: 'made.up.token' })
  assert.equal(wrong.statusCode, 401)
  assert.match(wrong.body, /this token is nobody's here/)
  assert.equal((await signIn({})).statusCode, 400)
})
