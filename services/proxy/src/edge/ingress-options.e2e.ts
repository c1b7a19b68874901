import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, request, type Server } from 'node:http'
import { after, before, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import type { EndpointSlice, Ingress } from '@reckon/kubernetes'
import { RunningEdge } from './edge.fixture.ts'
import { eventually, freePort } from './envoy.fixture.ts'
import { ingress, service, slice } from './objects.fixture.ts'

// Each annotation of docs/ingress.md, asked of a running Envoy.

let edge: RunningEdge
let tlsPort: number
/** Answers after so many milliseconds as the path says; a path of `/cut…` ends the connection, the first times. */
let slow: Server
let underWay = 0
let cuts = 0
let seen = 0

before(async () => {
  slow = createServer(async (incoming, response) => {
    seen++
    if (incoming.url?.startsWith('/cut') && cuts-- > 0) return void incoming.socket.destroy()
    underWay++
    await pause(Number(incoming.url?.slice(1)) || 0)
    underWay--
    response.end('{"name":"slow"}')
  }).listen(0, '127.0.0.1')
  await once(slow, 'listening')
  tlsPort = await freePort()
  edge = await RunningEdge.start(['web', 'next'], { tlsPort })
})
after(async () => {
  await edge.close()
  slow.closeAllConnections()
  slow.close()
})

const slowEndpoints = (): EndpointSlice[] => {
  const address = slow.address()
  return slice('slow', [typeof address === 'object' ? (address?.port ?? 0) : 0])
}

function annotated(annotations: Record<string, string>, name = 'a', leadsTo = 'web'): Ingress {
  const made = ingress(name, `${name}.test`, {
    '/': { service: leadsTo },
    '/app': { service: leadsTo },
    '/exact': { type: 'Exact', service: leadsTo },
  })
  const entries = Object.entries(annotations).map(([key, text]) => [`reckon.dev/${key}`, text])
  return { ...made, metadata: { ...made.metadata, annotations: Object.fromEntries(entries) } }
}
/** Only this Ingress, beside one that asks for nothing and goes on whatever the other says. */
const apply = async (annotations: Record<string, string>, leadsTo = 'web') => {
  await edge.apply({
    ingresses: [annotated(annotations, 'a', leadsTo), annotated({}, 'plain')],
    services: [service('slow')],
    slices: slowEndpoints(),
  })
  assert.equal(await edge.reached('plain.test', '/'), 'web')
  assert.deepEqual(edge.rejected, [])
}
const pathSeen = async (path: string) => JSON.parse((await edge.ask('a.test', path)).body).path

test('request-timeout: what takes longer is answered with 504', async () => {
  await apply({ 'request-timeout': '300ms' }, 'slow')
  assert.equal((await edge.ask('a.test', '/1000')).status, 504)
  assert.equal((await edge.ask('a.test', '/1')).status, 200)
  await apply({}, 'slow')
  assert.equal((await edge.ask('a.test', '/500')).status, 200)
})

test('idle-timeout: a request on which nothing moves ends', async () => {
  await apply({ 'idle-timeout': '300ms' }, 'slow')
  assert.equal((await edge.ask('a.test', '/1000')).status, 504)
})

test('retries: so often a request is tried again; none where it says 0; a POST that was sent never', async () => {
  const statusOf = async (retries: string, cut: number, method = 'GET') => {
    await apply({ retries }, 'slow')
    cuts = cut
    seen = 0
    const { status } = await edge.ask('a.test', '/cut', method)
    return `${status} after ${seen}`
  }
  assert.equal(await statusOf('0', 1), '503 after 1')
  assert.equal(await statusOf('1', 1), '200 after 2')
  assert.equal(await statusOf('1', 9), '503 after 2')
  assert.equal(await statusOf('5', 5), '200 after 6')
  assert.equal(await statusOf('5', 1, 'POST'), '503 after 1')
  cuts = 0
})

test('max-requests: what is above is answered with 503 at once', async () => {
  await apply({ 'max-requests': '2' }, 'slow')
  const first = [edge.ask('a.test', '/1000'), edge.ask('a.test', '/1000')]
  await eventually('two are under way', async () => underWay === 2)
  assert.equal((await edge.ask('a.test', '/0')).status, 503)
  assert.deepEqual(
    (await Promise.all(first)).map(({ status }) => status),
    [200, 200],
  )
})

test('max-connections and max-pending-requests: who finds no room waits, and then no more', async () => {
  await apply({ 'max-connections': '1', 'max-pending-requests': '1' }, 'slow')
  const first = edge.ask('a.test', '/500')
  await eventually('it has the connection', async () => underWay === 1)
  const others = await Promise.all([edge.ask('a.test', '/1'), edge.ask('a.test', '/1')])
  assert.equal((await first).status, 200)
  assert.deepEqual(others.map(({ status }) => status).sort(), [200, 503])
})

test('canary: its share of 5,000 requests is within 17 and 23 %, of 20', async () => {
  await apply({ 'canary-service': 'next', 'canary-weight': '20' })
  let canary = 0
  await Promise.all(
    Array.from({ length: 20 }, async () => {
      for (let i = 0; i < 250; i++) {
        if ((await edge.reached('a.test', '/')) === 'next') canary++
      }
    }),
  )
  assert.ok(canary >= 850 && canary <= 1150, `${canary} of 5,000`)
})

test('canary: all or nothing', async () => {
  await apply({ 'canary-service': 'next', 'canary-weight': '100' })
  assert.equal(await edge.reached('a.test', '/'), 'next')
  await apply({ 'canary-service': 'next', 'canary-weight': '0' })
  assert.equal(await edge.reached('a.test', '/'), 'web')
})

test("rewrite-path: the pod sees it in place of the rule's path; the query stays", async () => {
  await apply({ 'rewrite-path': '/' })
  const seenPaths = []
  for (const path of ['/app', '/app/', '/app/x?q=1', '/app//x', '/exact', '/other']) {
    seenPaths.push(await pathSeen(path))
  }
  assert.deepEqual(seenPaths, ['/', '/', '/x?q=1', '//x', '/', '/other'])
  await apply({ 'rewrite-path': '/v2' })
  const others = []
  for (const path of ['/app', '/app/x', '/exact?q', '/other']) others.push(await pathSeen(path))
  assert.deepEqual(others, ['/v2', '/v2/x', '/v2?q', '/v2/other'])
})

test('redirect-to: to another host with the same path, or to one page', async () => {
  await apply({ 'redirect-to': 'https://new.test' })
  assert.deepEqual(await location('/x?q=1'), [308, 'https://new.test/x?q=1'])
  await apply({ 'redirect-to': 'http://new.test:81/page', 'redirect-status': '302' })
  assert.deepEqual(await location('/x'), [302, 'http://new.test:81/page'])
})

test('tls-redirect: a clear request is sent to the port for TLS', async () => {
  await apply({ 'tls-redirect': 'true' })
  assert.deepEqual(await location('/x?q=1'), [308, `https://a.test:${tlsPort}/x?q=1`])
  const lying = { 'x-forwarded-proto': 'https' }
  assert.deepEqual(await location('/', lying), [308, `https://a.test:${tlsPort}/`])
})

test('max-body-size: what is longer is answered with 413, and no pod sees it', async () => {
  await apply({ 'max-body-size': '2Mi' }, 'slow')
  assert.equal(await post(2 * 1024 * 1024), 200)
  seen = 0
  assert.equal(await post(2 * 1024 * 1024 + 1), 413)
  // One whose length is not told is found to be too long while it is read.
  assert.equal(await post(3 * 1024 * 1024, {}), 413)
  assert.equal(seen, 0)
})

test('an annotation that makes no sense is left out; the others and all other Ingresses hold', async () => {
  await apply({ retries: 'many', 'canary-weight': '-1', 'rewrite-path': '/v2' })
  assert.equal(await pathSeen('/app'), '/v2')
})

function location(path: string, headers: Record<string, string> = {}) {
  const { promise, resolve } = Promise.withResolvers<[number | undefined, string | undefined]>()
  request(
    { host: '127.0.0.1', port: edge.port, path, headers: { host: 'a.test', ...headers } },
    (incoming) => {
      incoming.resume()
      resolve([incoming.statusCode, incoming.headers.location])
    },
  ).end()
  return promise
}

function post(
  bytes: number,
  length: Record<string, number> = { 'content-length': bytes },
): Promise<number | undefined> {
  const { promise, resolve } = Promise.withResolvers<number | undefined>()
  const headers = { host: 'a.test', ...length }
  const options = { host: '127.0.0.1', port: edge.port, path: '/', method: 'POST', headers }
  const outgoing = request(options, (incoming) => {
    incoming.resume()
    resolve(incoming.statusCode)
  })
  // Envoy may answer, and end the connection, before all is written.
  outgoing.on('error', () => {})
  outgoing.write(Buffer.alloc(bytes))
  outgoing.end()
  return promise
}
