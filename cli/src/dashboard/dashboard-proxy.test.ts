import assert from 'node:assert/strict'
import { request } from 'node:http'
import { test } from 'node:test'
import { startDashboardProxy } from './dashboard-proxy.ts'

/** Nobody listens there. */
const access = { server: 'https://127.0.0.1:1', namespace: 'default', tls: {}, headers: {} }

/** As the path is written: `fetch` would take its steps up itself. */
const codeAt = (link: string, path: string): Promise<number | undefined> =>
  new Promise((resolve, reject) => {
    const { hostname, port } = new URL(link)
    const sent = request({ hostname, port, path }, (answer) => resolve(answer.resume().statusCode))
    sent.once('error', reject).end()
  })

test('the proxy goes on while the API is away', async (t) => {
  const proxy = await startDashboardProxy(access, 0)
  t.after(() => proxy.close())
  for (const _ of [1, 2]) assert.equal(await codeAt(proxy.link(), '/ui/'), 502)
})

test('what needs a session is asked of nobody without one, whatever way it is named', async (t) => {
  const proxy = await startDashboardProxy(access, 0)
  t.after(() => proxy.close())
  for (const path of ['/api/v1/secrets', '/ui/../api/v1/secrets', '/ui/x/%2e%2e/%2e%2e/api/v1']) {
    assert.equal(await codeAt(proxy.link(), path), 401, path)
  }
})

test('a link begins one session, at its own address', async (t) => {
  const proxy = await startDashboardProxy(access, 0)
  t.after(() => proxy.close())
  const { origin, hash } = new URL(proxy.link())
  assert.match(origin, /^http:\/\/127\.0\.0\.1:/)
  const body = JSON.stringify({ code: hash.replace('#code=', '') })
  const begin = () => fetch(`${origin}/ui/session`, { method: 'POST', body })
  const begun = await begin()
  assert.equal(begun.status, 200)
  assert.match(
    String(begun.headers.get('set-cookie')),
    /^reckon-dashboard-\d+=[\w-]+; Path=\/; HttpOnly/,
  )
  assert.equal((await begin()).status, 401)
})
