import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import { networkInterfaces } from 'node:os'
import { test } from 'node:test'
import { defaultSettings } from '@reckon/domain'
import { refuseElsewhere } from './refuse-elsewhere.ts'

const [other] = Object.values(networkInterfaces())
  .flatMap((each) => each ?? [])
  .filter(({ family, internal }) => family === 'IPv4' && !internal)
  .map(({ address }) => address)

/** From where a client comes, what the api's machine is reached at, and which range is that of the pods. */
type Way = { from?: string; reachedAt?: string[]; pods?: string }

/** Whether a server says something to who comes to this address. */
async function isServed(address: string, { from, reachedAt, pods }: Way = {}): Promise<boolean> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined)
    socket.once('data', () => socket.end('hello'))
  })
  const settings = { ...defaultSettings, ...(pods && { clusterCidr: pods }) }
  const objects = { cluster: { cluster: 'c', settings, founded: 'f' } }
  refuseElsewhere(server, objects, new Set(reachedAt))
  server.listen(0, '0.0.0.0')
  await once(server, 'listening')
  const bound = server.address()
  const port = (typeof bound === 'object' ? bound?.port : undefined) ?? 0
  const client = connect({ port, host: address, ...(from && { localAddress: from }) })
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
  assert.equal(await isServed(other ?? '', { reachedAt: [other ?? ''] }), true)
})

test('at the address that pods know it is reached by pods alone', { skip: !other }, async () => {
  const pods = `${other}/32`
  assert.equal(await isServed(other ?? '', { pods }), true)
  assert.equal(await isServed(other ?? '', { pods, from: '127.0.0.1' }), false)
})
