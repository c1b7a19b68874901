import assert from 'node:assert/strict'
import { X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import { Agent, request } from 'node:https'
import { after, before, test } from 'node:test'
import { connect, type TLSSocket } from 'node:tls'
import type { Ingress } from '@reckon/kubernetes'
import { RunningEdge, type Wanted } from './edge.fixture.ts'
import { freePort } from './envoy.fixture.ts'
import { makeKeyPair } from './key-pair.fixture.ts'
import { ingress } from './objects.fixture.ts'

let edge: RunningEdge
let port: number
before(async () => {
  port = await freePort()
  edge = await RunningEdge.start(['web'], { tlsPort: port })
})
after(() => edge.close())

/** An Ingress for one host with a Secret of its name; `*` takes all names for TLS. */
function withTls(name: string, host: string, annotations = {}): Ingress {
  const made = ingress(name, host, { '/': { service: 'web' } })
  const tls = [{ ...(host === '*' ? {} : { hosts: [host] }), secretName: name }]
  return { ...made, metadata: { ...made.metadata, annotations }, spec: { ...made.spec, tls } }
}

const hosts = { one: 'one.test', two: 'two.test', wild: '*.wild.test' }
const ingresses = Object.entries(hosts).map(([name, host]) => withTls(name, host))
const pairs = Object.fromEntries(
  Object.entries(hosts).map(([name, host]) => [name, makeKeyPair(host)]),
)
const wanted: Wanted = { ingresses, pairs }

/** The name in the certificate that is shown to who asks for this one, or the error. */
async function shownTo(servername: string): Promise<string> {
  const socket = connect({ host: '127.0.0.1', port, servername, rejectUnauthorized: false })
  try {
    await once(socket, 'secureConnect')
    return socket.getPeerX509Certificate()?.subject ?? ''
  } catch (error) {
    return error instanceof Error && 'code' in error ? String(error.code) : String(error)
  } finally {
    socket.destroy()
  }
}

test('each host shows the certificate of its own Secret; a wildcard those of its names', async () => {
  await edge.apply(wanted)
  assert.equal(await shownTo('one.test'), 'CN=one.test')
  assert.equal(await shownTo('two.test'), 'CN=two.test')
  assert.equal(await shownTo('X.wild.test'), 'CN=*.wild.test')
  assert.deepEqual(edge.rejected, [])
})

test('an unknown name is refused at once, and so is none; once it is known it is served', async () => {
  await edge.apply(wanted)
  for (const name of ['nobody.test', 'x.y.wild.test', '']) {
    assert.match(await shownTo(name), /HANDSHAKE_FAILURE/)
  }
  await edge.apply({
    ingresses: [...ingresses, withTls('late', 'nobody.test')],
    pairs: { ...pairs, late: makeKeyPair('nobody.test') },
  })
  assert.equal(await shownTo('nobody.test'), 'CN=nobody.test')
})

test('a certificate without hosts is for every name that has none of its own', async () => {
  await edge.apply({
    ingresses: [...ingresses, withTls('any', '*')],
    pairs: { ...pairs, any: makeKeyPair('any.test') },
  })
  assert.equal(await shownTo('one.test'), 'CN=one.test')
  assert.equal(await shownTo('whoever.test'), 'CN=any.test')
  assert.equal(await shownTo(''), 'CN=any.test')
})

test('a certificate is rotated under load: no request fails, kept connections live on, and new ones see it', async () => {
  await edge.apply(wanted)
  const failures: unknown[] = []
  const reused: boolean[] = []
  let going = true
  const kept = new Agent({ keepAlive: true, maxSockets: 2 })
  const agents: (Agent | false)[] = [kept, kept, false, false]
  const asking = agents.map(async (agent) => {
    while (going) {
      const { status, socket } = await get('one.test', agent)
      if (status !== 200) failures.push(status)
      if (agent) reused.push(socket === 'kept')
    }
  })
  let last = ''
  for (let round = 0; round < 5; round++) {
    const pair = makeKeyPair('one.test')
    await edge.apply({ ingresses, pairs: { ...pairs, one: pair } })
    const socket = connect({
      host: '127.0.0.1',
      port,
      servername: 'one.test',
      rejectUnauthorized: false,
    })
    await once(socket, 'secureConnect')
    last = new X509Certificate(pair.certificates).fingerprint256
    assert.equal(socket.getPeerX509Certificate()?.fingerprint256, last)
    socket.destroy()
  }
  going = false
  await Promise.all(asking)
  kept.destroy()
  assert.deepEqual(failures, [])
  assert.ok(reused.filter((isKept) => !isKept).length <= 2, 'kept connections were lost')
  assert.deepEqual(edge.rejected, [])
})

test('over TLS a request is of the scheme https, HTTP/2 is offered, and tls-redirect leads there', async () => {
  const annotations = { 'reckon.dev/tls-redirect': 'true' }
  await edge.apply({ ...wanted, ingresses: [withTls('one', 'one.test', annotations)] })
  assert.equal((await edge.ask('one.test', '/')).status, 308)
  const { status, body } = await get('one.test', false)
  assert.equal(status, 200)
  assert.equal(JSON.parse(body).headers['x-forwarded-proto'], 'https')
  const socket = connect({
    ...{ host: '127.0.0.1', port, servername: 'one.test', rejectUnauthorized: false },
    ALPNProtocols: ['h2', 'http/1.1'],
  })
  await once(socket, 'secureConnect')
  assert.equal(socket.alpnProtocol, 'h2')
  socket.destroy()
})

const known = new WeakSet<object>()

type Answer = { status: number | undefined; body: string; socket: 'new' | 'kept' }

function get(host: string, agent: Agent | false): Promise<Answer> {
  return new Promise((resolve) => {
    const headers = { host }
    const options = { host: '127.0.0.1', port, path: '/', headers, agent, servername: host }
    let socket: Answer['socket'] = 'new'
    const outgoing = request({ ...options, rejectUnauthorized: false }, async (incoming) => {
      let body = ''
      for await (const part of incoming) body += part
      resolve({ status: incoming.statusCode, body, socket })
    })
    outgoing.on('socket', (used: TLSSocket) => {
      socket = known.has(used) ? 'kept' : 'new'
      known.add(used)
    })
    outgoing.on('error', (error) => resolve({ status: 0, body: String(error), socket }))
    outgoing.end()
  })
}
