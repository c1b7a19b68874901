import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import { networkInterfaces } from 'node:os'
import { test } from 'node:test'
import { Objects } from '@reckon/domain'
import { refuseElsewhere } from './refuse-elsewhere.ts'

const [other] = Object.values(networkInterfaces())
  .flatMap((each) => each ?? [])
  .filter(({ family, internal }) => family === 'IPv4' && !internal)
  .map(({ address }) => address)

/** Whether a server that is reached at these addresses says something to who comes to this one. */
async function isServed(address: string, ...reachedAt: string[]): Promise<boolean> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined)
    socket.once('data', () => socket.end('hello'))
  })
  refuseElsewhere(server, new Objects(), new Set(reachedAt))
  server.listen(0, '0.0.0.0')
  await once(server, 'listening')
  const bound = server.address()
  const port = typeof bound === 'object' ? bound?.port : undefined
  const client = connect(port ?? 0, address)
  let said = ''
  client.write('who is there?')
  client.on('data', (data) => {
    said += data
  })
  client.on('error', () => undefined)
  await once(client, 'close')
  server.close()
  return said === 'hello'
}

test('from the machine itself an api is reached always', async () => {
  assert.equal(await isServed('127.0.0.1'), true)
})

test('at another address it is reached where that is said', { skip: !other }, async () => {
  assert.equal(await isServed(other ?? ''), false)
  assert.equal(await isServed(other ?? '', other ?? ''), true)
})
