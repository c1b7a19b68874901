import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createMemoryHub } from '@reckon/eventing/memory'
import { nodeCredentials, nodeHeartbeat, servicePermissions } from '@reckon/node-plane'
import { systemClock, systemIds } from '@reckon/process'
import { Heartbeats } from './heartbeats.ts'

const permissions = servicePermissions.replicator ?? assert.fail()

function wire() {
  let isLost = false
  const hub = createMemoryHub({
    clock: systemClock,
    deliver: (handOver) => {
      if (!isLost) handOver()
    },
  })
  const bus = hub.connect('replicator', { user: 'replicator', permissions })
  const heartbeats = new Heartbeats({ bus, ids: systemIds })
  heartbeats.listen()
  const node = hub.connect('node-1', nodeCredentials('node-1'))
  return {
    bus,
    silence: heartbeats.silence,
    beat: () => node.publish(nodeHeartbeat('node-1'), new Uint8Array()),
    seconds: (count: number) => {
      for (let n = 0; n < count; n++) heartbeats.say()
    },
    lose: (lost: boolean) => {
      isLost = lost
    },
  }
}

test('a node that says nothing is silent, one that does is not', () => {
  const { silence, beat, seconds } = wire()
  seconds(5)
  beat()
  seconds(2)
  assert.equal(silence.of('node-1'), 2)
  assert.equal(silence.of('node-2'), 7)
})

test('while the wire does not bring back what was said, nobody is silent', () => {
  const { silence, seconds, lose } = wire()
  seconds(30)
  lose(true)
  seconds(120)
  assert.equal(silence.of('node-1'), 0)
  lose(false)
  seconds(3)
  assert.equal(silence.of('node-1'), 3)
})

test('a connection that was lost and found again begins everybody’s silence anew', () => {
  const { bus, silence, seconds } = wire()
  seconds(30)
  bus.lose()
  bus.find()
  seconds(1)
  assert.equal(silence.of('node-1'), 1)
})
