import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createMemoryClock } from '@reckon/eventing/memory'
import { machineAddress } from './machine.ts'

test('the machine is asked for its addresses every five seconds, and keeps the one that it had as long as it has it', async () => {
  const clock = createMemoryClock()
  let [asked, has] = [0, ['192.0.2.1', '192.0.2.2']]
  const address = machineAddress(clock, () => {
    asked++
    return has
  })
  for (let time = 0; time < 100; time++) assert.equal(address(), '192.0.2.1')
  assert.equal(asked, 1)
  has = ['192.0.2.2', '192.0.2.1']
  await clock.advance(5_000)
  assert.equal(address(), '192.0.2.1')
  has = ['192.0.2.2']
  assert.equal(address(), '192.0.2.1')
  await clock.advance(5_000)
  assert.equal(address(), '192.0.2.2')
  assert.equal(asked, 3)
})

test('a machine without an address is asked each time', () => {
  let has: string[] = []
  const address = machineAddress(createMemoryClock(), () => has)
  assert.equal(address(), undefined)
  has = ['192.0.2.1']
  assert.equal(address(), '192.0.2.1')
})

test('a clock that is set back makes nobody keep an address for longer', () => {
  let nowMs = 3_600_000
  let has = ['192.0.2.1']
  const clock = { ...createMemoryClock(), now: () => nowMs }
  const address = machineAddress(clock, () => has)
  assert.equal(address(), '192.0.2.1')
  nowMs = 0
  has = ['192.0.2.2']
  assert.equal(address(), '192.0.2.2')
})
