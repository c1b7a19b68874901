import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Semaphore } from './semaphore.ts'

const never = new AbortController().signal

test('so many enter, the others in order, and who has gone waits no more', async () => {
  const atOnce = new Semaphore(1)
  const gone = new AbortController()
  const entered: string[] = []
  const enter = (name: string, signal = never) =>
    atOnce.enter(signal).then(() => entered.push(name))
  await enter('a')
  const leaving = enter('b', gone.signal)
  const last = enter('c')
  gone.abort(new Error('gone'))
  await assert.rejects(leaving, /gone/)
  await assert.rejects(enter('d', gone.signal), /gone/)
  atOnce.leave()
  await last
  assert.deepEqual(entered, ['a', 'c'])
  atOnce.leave()
  await enter('e')
})

test('whose turn came before they went has it, and gives it back', async () => {
  const atOnce = new Semaphore(1)
  const gone = new AbortController()
  await atOnce.enter(never)
  const next = atOnce.enter(gone.signal)
  atOnce.leave()
  gone.abort(new Error('gone'))
  await next
  atOnce.leave()
  await atOnce.enter(never)
})
