import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Credentials } from '@reckon/eventing'
import { busContract, contractUsers } from '@reckon/eventing/contract'
import { connectBus } from '@reckon/eventing/nats'
import { isRefusal } from '@reckon/kubernetes'
import { connect } from 'nats'
import { natsServer } from './nats-server.ts'

const password = 'contract'
const anybody: Credentials = {
  user: 'anybody',
  permissions: { publish: ['>'], subscribe: ['>'] },
}
const users = [...Object.values(contractUsers), anybody].map((each) => ({ ...each, password }))
const server = await natsServer(users)
const named = { servers: server.url, name: 'contract', password }
before(() => server.start())
after(() => server.kill())

busContract('nats-server', {
  connect: ({ user } = anybody) => connectBus({ ...named, user }),
  async ask(subject, data, reply) {
    const client = await connect({ servers: server.url, user: anybody.user, pass: password })
    client.publish(subject, data, { reply })
    await client.flush()
    await client.close()
  },
})

test('a bus outlives its server', async () => {
  const bus = await connectBus({ ...named, user: anybody.user })
  const seen: string[] = []
  let arrived = (): void => {}
  bus.subscribe('outlives', ({ data }) => {
    seen.push(new TextDecoder().decode(data))
    arrived()
  })
  await bus.flush()

  const found = new Promise<number>((resolve) => bus.onReconnect(() => resolve(bus.reconnects)))
  await server.kill()
  while (bus.connected) await soon()
  bus.publish('outlives', Buffer.from('dropped'))
  const asked = bus.request('outlives', Buffer.from('x'), { timeoutMs: 60_000 })
  await assert.rejects(asked, (error) => isRefusal(error, 'ServiceUnavailable'))

  await server.start()
  assert.equal(await found, 1)
  assert.ok(bus.connected)
  const delivered = new Promise<void>((resolve) => {
    arrived = resolve
  })
  bus.publish('outlives', Buffer.from('delivered'))
  await delivered
  assert.deepEqual(seen, ['delivered'])
  await bus.close()
})

test('a bus starts before its server', async () => {
  const late = await natsServer()
  const bus = await connectBus({ servers: late.url, name: 'contract' })
  assert.equal(bus.connected, false)
  const delivered = new Promise<void>((resolve) => {
    bus.subscribe('early', () => resolve())
  })
  const found = new Promise<number>((resolve) => bus.onReconnect(() => resolve(bus.reconnects)))
  await late.start()
  assert.equal(await found, 1)
  bus.publish('early', Buffer.from('x'))
  await delivered
  await bus.close()
  await late.kill()
})

test('a bus that never found its server can be closed', async () => {
  const none = await natsServer()
  const bus = await connectBus({ servers: none.url, name: 'contract' })
  await bus.close()
})

const soon = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 10))
