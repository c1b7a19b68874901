import assert from 'node:assert/strict'
import { createServer, request as openRequest } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { after, before, test } from 'node:test'
import { MalformedMessages, silent } from '@reckon/eventing'
import { type NodeStream, nodeCredentials, serveStreams } from '@reckon/node-plane'
import { systemClock as clock } from '@reckon/process'
import { inDefault, startedApi } from '../api.fixture.ts'

let api: Awaited<ReturnType<typeof startedApi>>
let served: Promise<void>
const stop = new AbortController()

/** What is behind the pod's port: tells what it is asked, and goes over to whatever protocol. */
const backend = createServer((request, response) => {
  const { method, url, headers } = request
  if (url === '/moved') return response.writeHead(302, { location: '/there' }).end()
  let body = ''
  request.on('data', (part) => {
    body += part
  })
  request.on('end', () => {
    const own = {
      'x-own': 'yes',
      'content-security-policy': "default-src 'self'",
      'set-cookie': ['a=1', '__Host-reckon=b; Secure; Path=/', '=__Host-reckon=c; Secure; Path=/'],
    }
    response.writeHead(method === 'POST' ? 201 : 200, own)
    response.end(JSON.stringify({ method, url, headers, body }))
  })
})
backend.on('upgrade', (_request, socket) => {
  socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n')
  socket.pipe(socket)
})

async function joined(stream: NodeStream): Promise<void> {
  const socket = connect((backend.address() as AddressInfo).port, '127.0.0.1')
  stream.signal.addEventListener('abort', () => socket.destroy())
  socket.on('error', () => {})
  stream.confirm()
  const there = async () => {
    for await (const bytes of stream.read('stdin')) socket.write(bytes)
    socket.end()
  }
  void there()
  try {
    for await (const bytes of socket) if (!(await stream.write('stdout', bytes))) return
  } catch {
    // Cut off by who asked.
  }
  stream.close('stdout')
}

before(async () => {
  api = await startedApi()
  await new Promise<void>((resolve) => backend.listen(0, '127.0.0.1', resolve))
  const bus = api.hub.connect(undefined, nodeCredentials('a'))
  const answer = async (_: unknown, stream: NodeStream) => {
    await joined(stream)
    return { type: 'Done', exitCode: 0 } as const
  }
  const malformed = new MalformedMessages(silent)
  served = serveStreams({ bus, clock, malformed }, 'a', answer, stop.signal)
  const spec = { nodeName: 'a', containers: [{ name: 'c', image: 'i' }] }
  const body = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'web' }, spec }
  await api.ask('POST', inDefault('pods'), { body })
  const type = 'application/merge-patch+json'
  const status = { status: { phase: 'Running', podIP: '10.244.0.2' } }
  await api.ask('PATCH', `${inDefault('pods')}/web/status`, { body: status, type })
})

after(async () => {
  stop.abort()
  await served
  await api.close()
  backend.closeAllConnections()
  backend.close()
  assert.deepEqual(api.errors, [])
})

const path = `${inDefault('pods')}/web:8080/proxy`

test('a request goes to the port with its path, query and body, and nothing that says who asks', async () => {
  const posted = await api.ask('POST', `${path}/a/b?c=d`, { body: 'text', type: 'text/plain' })
  assert.equal(posted.code, 201)
  assert.equal(posted.headers['x-own'], 'yes')
  const { method, url, headers, body } = JSON.parse(posted.text)
  assert.deepEqual([method, url, body], ['POST', '/a/b?c=d', 'text'])
  assert.equal(headers.host, '10.244.0.2:8080')
  assert.equal(headers.authorization, undefined)
  assert.equal(headers['x-forwarded-uri'], path)
})

test("a pod's page is shown apart from this server's own, and neither hears of a session there nor gives one", async () => {
  const shown = await api.app.inject({
    url: `${path}/`,
    headers: { 'sec-fetch-dest': 'document', cookie: 'a=1; __Host-reckon=secret; b=2' },
  })
  assert.equal(shown.headers['content-security-policy'], 'sandbox allow-scripts allow-forms')
  assert.equal(JSON.parse(shown.body).headers.cookie, 'a=1; b=2')
  assert.deepEqual(shown.headers['set-cookie'], ['a=1'])
  const old = await api.app.inject({
    url: `${path}/`,
    headers: { 'user-agent': 'Mozilla/5.0 (Macintosh) Version/15.6 Safari/605.1.15' },
  })
  assert.equal(old.headers['content-security-policy'], 'sandbox allow-scripts allow-forms')
  const asked = await api.app.inject(`${path}/`)
  assert.equal(asked.headers['content-security-policy'], "default-src 'self'")
})

test('where tutorials have the Kubernetes dashboard, ours is shown', async () => {
  const name = 'https:kubernetes-dashboard:'
  const { code, headers } = await api.ask(
    'GET',
    `/api/v1/namespaces/kube-system/services/${name}/proxy/`,
  )
  assert.deepEqual([code, headers.location], [302, '/ui/'])
})

test('a path without a slash gets one, and what a backend calls its own is below the proxy', async () => {
  const redirected = await api.ask('GET', `${path}?x=1`)
  assert.deepEqual([redirected.code, redirected.headers.location], [301, `${path}/?x=1`])
  const moved = await api.ask('GET', `${path}/moved`)
  assert.deepEqual([moved.code, moved.headers.location], [302, `${path}/there`])
})

test('who may not is refused, and a pod that is none is not found', async () => {
  const user = { name: 'jane', groups: ['system:authenticated'] }
  const refused = await api.ask('PUT', `${path}/`, { user })
  assert.match(String(refused.json.message), /cannot update resource "pods\/proxy"/)
  assert.equal((await api.ask('GET', `${inDefault('pods')}/none/proxy/`)).code, 404)
  assert.equal((await api.ask('GET', `${inDefault('services')}/none/proxy`)).code, 404)
  assert.equal((await api.ask('GET', `${inDefault('services')}/none:80/proxy/`)).code, 404)
})

test('a connection goes over to the protocol of the backend', async () => {
  await api.app.listen({ host: '127.0.0.1', port: 0 })
  const { port } = api.app.server.address() as AddressInfo
  const sent = openRequest({
    port,
    path: `${path}/`,
    headers: { connection: 'Upgrade', upgrade: 'echo' },
  })
  sent.end()
  const said = await new Promise<string>((resolve, reject) => {
    sent.on('error', reject)
    sent.on('response', ({ statusCode }) => reject(new Error(`answered ${statusCode}`)))
    sent.on('upgrade', (_answer, socket) => {
      socket.once('data', (bytes: Buffer) => {
        resolve(bytes.toString())
        socket.end()
      })
      socket.write('hello')
    })
  })
  assert.equal(said, 'hello')
})
