import assert from 'node:assert/strict'
import { test } from 'node:test'
import { judge } from './request-rules.ts'

const names = ['localhost:1', '127.0.0.1:1']
const judged = (method: string, url: string, headers = {}) =>
  judge({ method, url, headers: { host: 'localhost:1', ...headers } }, names)
const ask = (...asked: Parameters<typeof judged>) => {
  const found = judged(...asked)
  return found.is === 'refused' ? found.code : found.is
}

test('the page, its session and the API come in', () => {
  assert.equal(ask('GET', '/'), 'page')
  assert.equal(ask('GET', '/ui/'), 'page')
  assert.equal(ask('GET', '/ui/abc/pages/page-of.ts'), 'page')
  assert.equal(ask('GET', '/ui/abc/main.ts', { 'sec-fetch-site': 'cross-site' }), 'page')
  assert.equal(ask('POST', '/ui/session', { origin: 'http://localhost:1' }), 'session')
  assert.equal(ask('GET', '/api/v1/pods', { 'sec-fetch-site': 'same-origin' }), 'api')
  assert.equal(ask('GET', '/at/7/apis/apps/v1/deployments'), 'api')
})

test('whoever comes from elsewhere is turned away', () => {
  assert.equal(ask('GET', '/ui/', { host: 'evil.example:1' }), 421)
  assert.equal(ask('POST', '/ui/session', { origin: 'https://evil.example' }), 403)
  assert.equal(ask('GET', '/api/v1/pods', { 'sec-fetch-site': 'cross-site' }), 403)
  assert.equal(ask('POST', '/api/v1/pods', { origin: 'null' }), 403)
})

test('nothing else is served', () => {
  assert.equal(ask('POST', '/ui/'), 405)
  assert.equal(ask('GET', '/metrics'), 404)
  assert.equal(ask('GET', '/api/v1/namespaces/demo/pods/web/proxy/'), 403)
})

test('no way leads through the page to what needs a session', () => {
  for (const way of ['..', '%2e%2e', '.%2E', 'x/..\\..']) {
    assert.equal(ask('GET', `/ui/${way}/api/v1/secrets`), 'api', way)
    assert.deepEqual(judged('GET', `/ui/${way}/api/v1/secrets`), {
      is: 'api',
      path: '/api/v1/secrets',
    })
  }
  for (const path of ['/ui/..%2fapi/v1/secrets', '/ui/a/..%5c..%5capi', '/ui/a/.env']) {
    assert.equal(ask('GET', path), 404, path)
  }
  for (const url of ['//ui/x', 'http://127.0.0.1:1/api', '*', '/api/%']) {
    assert.equal(ask('GET', url), 404, url)
  }
})

test('what is judged is what goes on', () => {
  const asked = judged('GET', '/api/v1/pods?limit=1')
  assert.deepEqual(asked, { is: 'api', path: '/api/v1/pods?limit=1' })
  const pod = '/api/v1/namespaces/demo/pods/web'
  for (const way of ['%70roxy', 'log/../proxy', 'proxy%2f', 'proxy?a=b']) {
    assert.equal(ask('GET', `${pod}/${way}`), 403, way)
  }
  assert.equal(ask('GET', '/api/v1/namespaces/proxy/pods/proxy'), 'api')
})
