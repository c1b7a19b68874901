import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isRefusal } from '@reckon/kubernetes'
import { busContract } from '../contract/bus-contract.ts'
import { createMemoryHub } from './memory-bus.ts'

const hub = createMemoryHub()
const anybody = hub.connect()
busContract('memory', {
  connect: async (credentials) => hub.connect(undefined, credentials),
  ask: async (subject, data, reply) => anybody.ask(subject, data, reply),
})

test('a lost wire drops what is sent, and counts when it is found again', async () => {
  const bus = hub.connect()
  const seen: string[] = []
  const counts: number[] = []
  const end = bus.onReconnect(() => counts.push(bus.reconnects))
  bus.subscribe('lost.wire', ({ data }) => seen.push(data.toString()))
  bus.lose()
  bus.publish('lost.wire', Uint8Array.of(1))
  await assert.rejects(bus.request('lost.wire', Uint8Array.of(1), { timeoutMs: 10 }), (error) =>
    isRefusal(error, 'ServiceUnavailable'),
  )
  bus.find()
  bus.publish('lost.wire', Uint8Array.of(2))
  await Promise.resolve()
  assert.deepEqual(seen, ['2'])
  assert.equal(bus.reconnects, 1)
  end()
  bus.lose()
  bus.find()
  assert.deepEqual(counts, [1])
})

test('the scheduler of a hub decides what arrives', async () => {
  const held: (() => void)[] = []
  const slow = createMemoryHub({ deliver: (handOver) => held.push(handOver) })
  const seen: number[] = []
  slow.connect().subscribe('n', ({ data }) => seen.push(data[0] as number))
  const bus = slow.connect()
  for (const n of [1, 2, 3]) bus.publish('n', Uint8Array.of(n))
  for (const index of [2, 0, 0]) held[index]?.()
  assert.deepEqual(seen, [3, 1, 1])
})
