import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type AddressInfo, connect, createServer as createTcpServer } from 'node:net'
import { test } from 'node:test'
import { createServer } from '@reckon/process/node-http'
import { NoAnswer } from '../runtime/dialer.ts'
import { connectionOf, machineDialer } from './machine-dialer.ts'

/**
 * A server on the loopback that sends each path of `moved` elsewhere, answers 500 to `/broken`, and 200 to all else.
 */
async function serving(moved: Readonly<Record<string, string>>) {
  const asked: string[] = []
  const server = createServer((request, response) => {
    const path = request.url ?? ''
    asked.push(`${request.headers.host} ${path}`)
    const location = moved[path]
    response.writeHead(
      location ? 302 : path === '/broken' ? 500 : 200,
      location ? { location } : {},
    )
    response.end()
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as AddressInfo
  return {
    asked,
    status: (path: string) =>
      machineDialer.http({
        ...{ scheme: 'http', host: '127.0.0.1', port, path, timeoutMs: 5_000 },
        headers: { Host: 'page.test' },
      }),
    async [Symbol.asyncDispose]() {
      server.close()
      await once(server, 'close')
    },
  }
}

test('what answers over a redirect on the same host is what counts', async () => {
  await using server = await serving({ '/': '/login?next=%2F', '/ill': 'broken' })
  assert.equal(await server.status('/'), 200)
  assert.deepEqual(server.asked, ['page.test /', 'page.test /login?next=%2F'])
  assert.equal(await server.status('/ill'), 500)
})

test('a redirect to another host is not followed, and one that never ends is no answer', async () => {
  await using server = await serving({ '/away': 'http://127.0.0.2/', '/round': '/round' })
  assert.equal(await server.status('/away'), 302)
  await assert.rejects(server.status('/round'), (error) => {
    return error instanceof NoAnswer && error.message === 'stopped after 10 redirects'
  })
})

test('the time for an answer is that of all its redirects', async (t) => {
  const server = createServer((_request, response) => {
    setTimeout(() => response.writeHead(302, { location: '/again' }).end(), 60)
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  t.after(() => server.close())
  const { port } = server.address() as AddressInfo
  const asked = { scheme: 'http', host: '127.0.0.1', port, path: '/', headers: {} } as const
  await assert.rejects(machineDialer.http({ ...asked, timeoutMs: 150 }), (error) => {
    return error instanceof NoAnswer && error.message === 'no answer within 150 ms'
  })
})

test('a connection whose other end is gone takes no more, and breaks nothing', async (t) => {
  const gone = Promise.withResolvers<void>()
  const server = createTcpServer({ allowHalfOpen: true }, (socket) => {
    socket.end('bye')
    socket.once('data', () => socket.resetAndDestroy())
    socket.once('close', () => gone.resolve())
  })
  t.after(() => server.close())
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as AddressInfo
  const socket = connect({ host: '127.0.0.1', port, allowHalfOpen: true })
  await once(socket, 'connect')
  const connection = connectionOf(socket)
  const said = await Array.fromAsync(connection.incoming)
  assert.equal(Buffer.concat(said).toString(), 'bye')
  await connection.write(Buffer.from('more'))
  await gone.promise
  // The reset is on its way: at some write it is noticed.
  while (await connection.write(Buffer.from('more'))) await new Promise(setImmediate)
})
