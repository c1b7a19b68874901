import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createServer as createHttpServer } from 'node:http'
import { connect as connectHttp2, createServer as createHttp2Server } from 'node:http2'
import { connect, type Server } from 'node:net'
import { after, before, test } from 'node:test'
import * as grpc from '@grpc/grpc-js'
import type { Service } from '@reckon/kubernetes'
import { RunningEdge, type Wanted } from './edge.fixture.ts'
import { eventually } from './envoy.fixture.ts'
import { ingress, service, slice } from './objects.fixture.ts'

let edge: RunningEdge
const servers: { close(): void }[] = []

before(async () => {
  edge = await RunningEdge.start(['web'])
})
after(async () => {
  await edge.close()
  for (const server of servers) server.close()
})

const rules = ingress('paths', 'paths.test', {
  '/a': { service: 'web' },
  '/ü': { service: 'web' },
  '/ext': { service: 'outside' },
})

/** All that is said on one connection to the edge, until it is closed. */
async function say(text: string): Promise<string> {
  const socket = connect(edge.port, '127.0.0.1')
  socket.write(text)
  let heard = ''
  for await (const part of socket) heard += part
  return heard
}
const get = (path: string) =>
  say(`GET ${path} HTTP/1.1\r\nHost: paths.test\r\nConnection: close\r\n\r\n`)
const seenIn = (answer: string) => JSON.parse(/\{.*\}/.exec(answer)?.[0] ?? '{}')

test('the pod gets the path that was asked for', async () => {
  await edge.apply({ ingresses: [rules] })
  const paths = ['/a/x%2Fy', '/a/http://x.y/z', '/a//', '/a/x?b=//%2f', '/a/x;y=1', '/%C3%BC/x']
  for (const path of paths) assert.equal(seenIn(await get(path)).path, path)
  assert.match(await get('/a/../b'), /^HTTP\/1.1 404/)
})

test('HTTP/1.0 is answered', async () => {
  await edge.apply({ ingresses: [rules] })
  const answer = await say('GET /a HTTP/1.0\r\nHost: paths.test\r\n\r\n')
  assert.match(answer, /^HTTP\/1\.[01] 200/)
  assert.equal(seenIn(answer).path, '/a')
})

test("nothing of the edge's own reaches the pod but who asked, by which scheme, and the id of the request", async () => {
  await edge.apply({ ingresses: [rules] })
  const headers = Object.keys(seenIn(await get('/a')).headers).sort()
  const own = ['x-envoy-external-address', 'x-forwarded-for', 'x-forwarded-proto', 'x-request-id']
  assert.deepEqual(
    headers.filter((name) => name !== 'host' && !own.includes(name)),
    [],
  )
})

test('an ExternalName leads to the server of that name, by number and by name of its port', async () => {
  const outside: Service = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'outside', namespace: 'default' },
    spec: { type: 'ExternalName', externalName: 'localhost', ports: [] },
  }
  const port = edge.portOf('web')
  const to = (named: { number: number } | { name: string }) => {
    const backend = { service: { name: 'outside', port: named } }
    const paths = [{ path: '/', pathType: 'Prefix', backend }]
    return { ...rules, spec: { rules: [{ host: 'ext.test', http: { paths } }] } }
  }
  const { spec, ...rest } = outside
  const named = { ...rest, spec: { ...spec, ports: [{ name: 'http', port }] } }
  const wanted: Wanted[] = [
    { ingresses: [to({ number: port })], services: [outside] },
    { ingresses: [to({ name: 'http' })], services: [named] },
  ]
  for (const each of wanted) {
    await edge.apply(each)
    await eventually(
      'Envoy has resolved the name',
      async () => (await edge.reached('ext.test', '/')) === 'web',
    )
  }
  await edge.apply({ ingresses: [to({ name: 'none' })], services: [outside] })
  assert.equal(await edge.reached('ext.test', '/'), '503')
  assert.deepEqual(edge.rejected, [])
})

test('HTTP/2 without TLS is spoken with who speaks it, and with pods whose port says so', async () => {
  const server = createHttp2Server((request, response) => {
    response.end(JSON.stringify({ name: 'h2', version: request.httpVersion }))
  })
  const port = await listening(server)
  const h2c = service('h2')
  h2c.spec.ports = [{ port: 80, appProtocol: 'kubernetes.io/h2c' }]
  const site = ingress('h2', 'h2.test', { '/': { service: 'h2' }, '/web': { service: 'web' } })
  await edge.apply({ ingresses: [site], services: [h2c], slices: slice('h2', [port]) })
  assert.deepEqual(JSON.parse((await edge.ask('h2.test', '/')).body), {
    name: 'h2',
    version: '2.0',
  })

  const client = connectHttp2(`http://127.0.0.1:${edge.port}`)
  for (const [path, name] of [
    ['/', 'h2'],
    ['/web', 'web'],
  ] as const) {
    const stream = client.request({ ':authority': 'h2.test', ':path': path })
    let body = ''
    for await (const part of stream) body += part
    assert.equal(JSON.parse(body).name, name)
  }
  client.close()
})

test('gRPC calls go through, in both directions at once, with their status', async () => {
  const bytes = (data: Buffer) => data
  const method = (path: string, stream: boolean) => ({
    path,
    requestStream: stream,
    responseStream: stream,
    requestSerialize: bytes,
    requestDeserialize: bytes,
    responseSerialize: bytes,
    responseDeserialize: bytes,
  })
  const definition = {
    Echo: method('/test.Echo/Echo', false),
    Talk: method('/test.Echo/Talk', true),
  }
  const server = new grpc.Server()
  server.addService(definition, {
    Echo: (call: grpc.ServerUnaryCall<Buffer, Buffer>, answer: grpc.sendUnaryData<Buffer>) =>
      call.request.length === 0
        ? answer({ code: grpc.status.INVALID_ARGUMENT, details: 'nothing said' })
        : answer(null, call.request),
    Talk: (call: grpc.ServerDuplexStream<Buffer, Buffer>) => {
      call.on('data', (data) => call.write(data))
      call.on('end', () => call.end())
    },
  })
  const port = await new Promise<number>((resolve, reject) =>
    server.bindAsync('127.0.0.1:0', grpc.ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    ),
  )
  servers.push({ close: () => server.forceShutdown() })
  const echo = service('echo')
  echo.spec.ports = [{ port: 80, appProtocol: 'grpc' }]
  const site = ingress('grpc', 'grpc.test', { '/test.Echo': { service: 'echo' } })
  await edge.apply({ ingresses: [site], services: [echo], slices: slice('echo', [port]) })

  const Client = grpc.makeGenericClientConstructor(definition, 'Echo')
  const client = new Client(`127.0.0.1:${edge.port}`, grpc.credentials.createInsecure(), {
    'grpc.default_authority': 'grpc.test',
  })
  const call = (text: string) =>
    new Promise<string>((resolve) =>
      client.makeUnaryRequest(
        definition.Echo.path,
        bytes,
        bytes,
        Buffer.from(text),
        (error, answer) => resolve(error ? error.message : String(answer)),
      ),
    )
  assert.equal(await call('hello'), 'hello')
  assert.equal(await call(''), '3 INVALID_ARGUMENT: nothing said')
  const talk = client.makeBidiStreamRequest(definition.Talk.path, bytes, bytes)
  for (const word of ['one', 'two']) {
    talk.write(Buffer.from(word))
    assert.equal(String((await once(talk, 'data'))[0]), word)
  }
  talk.end()
  await once(talk, 'status')
  client.close()
})

test('a WebSocket is opened, and data goes both ways', async () => {
  const server = createHttpServer()
  server.on('upgrade', (request, socket) => {
    const accepted = createHash('sha1')
      .update(`${request.headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`)
      .digest('base64')
    socket.write(
      `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accepted}\r\n\r\n`,
    )
    socket.pipe(socket)
  })
  const port = await listening(server)
  const site = ingress('ws', 'ws.test', { '/': { service: 'ws' } })
  await edge.apply({ ingresses: [site], services: [service('ws')], slices: slice('ws', [port]) })
  const socket = connect(edge.port, '127.0.0.1')
  socket.write(
    'GET /chat HTTP/1.1\r\nHost: ws.test\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
  )
  assert.match(String((await once(socket, 'data'))[0]), /^HTTP\/1.1 101/)
  for (const word of ['one', 'two']) {
    socket.write(word)
    assert.equal(String((await once(socket, 'data'))[0]), word)
  }
  socket.destroy()
})

async function listening(server: Server): Promise<number> {
  servers.push(server)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}
