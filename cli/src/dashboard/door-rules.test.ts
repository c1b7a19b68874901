import assert from 'node:assert/strict'
import { test } from 'node:test'
import { judge } from './door-rules.ts'

const names = ['localhost:1', '127.0.0.1:1']
const ask = (method: string, path: string, headers = {}) => {
  const judged = judge({ method, path, headers: { host: 'localhost:1', ...headers } }, names)
  return judged.is === 'refused' ? judged.code : judged.is
}

test('the page, its session and the API come in', () => {
  assert.equal(ask('GET', '/'), 'page')
  assert.equal(ask('GET', '/ui/'), 'page')
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
