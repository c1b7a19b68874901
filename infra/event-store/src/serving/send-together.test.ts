import assert from 'node:assert/strict'
import { Writable } from 'node:stream'
import { test } from 'node:test'
import { sendTogether } from './send-together.ts'

/** A call that sends nothing before it is let, and what it was handed. */
function openCall() {
  const handed: string[] = []
  const sent: (() => void)[] = []
  const call = new Writable({
    objectMode: true,
    write(message, _encoding, done) {
      handed.push(message)
      sent.push(done)
    },
  })
  sendTogether(call)
  return { call, handed, sent }
}

test('what waits for a message leaves together, in its order', () => {
  const { call, handed, sent } = openCall()
  for (const message of ['a', 'b', 'c', 'd']) call.write(message)
  assert.deepEqual(handed, ['a'])
  sent[0]?.()
  assert.deepEqual(handed, ['a', 'b', 'c', 'd'])
})

test('what comes meanwhile waits until the last of them has left', () => {
  const { call, handed, sent } = openCall()
  for (const message of ['a', 'b', 'c']) call.write(message)
  sent[0]?.()
  call.write('d')
  sent[1]?.()
  assert.deepEqual(handed, ['a', 'b', 'c'])
  sent[2]?.()
  assert.deepEqual(handed, ['a', 'b', 'c', 'd'])
})
