import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createGate } from './gate.ts'

test('at most so many run at once; who goes on comes before who begins, each in turn, also after a failure', async () => {
  const gate = createGate(1)
  const ran: string[] = []
  const first = Promise.withResolvers<void>()
  const failing = gate(async () => {
    await first.promise
    throw new Error('broken')
  }, 'Begins')
  const call = (name: string, who: 'Begins' | 'GoesOn') =>
    gate(async () => void ran.push(name), who)
  const others = [
    call('b1', 'Begins'),
    call('b2', 'Begins'),
    call('g1', 'GoesOn'),
    call('g2', 'GoesOn'),
  ]
  assert.deepEqual(ran, [])
  first.resolve()
  await assert.rejects(failing, /broken/)
  await Promise.all(others)
  assert.deepEqual(ran, ['g1', 'g2', 'b1', 'b2'])
  await call('last', 'Begins')
  assert.equal(ran.at(-1), 'last')
})
