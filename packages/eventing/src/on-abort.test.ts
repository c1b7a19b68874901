import assert from 'node:assert/strict'
import { getEventListeners } from 'node:events'
import { test } from 'node:test'
import { onAbort } from './on-abort.ts'

const listeners = (signal: AbortSignal) => getEventListeners(signal, 'abort').length

test('all are called once when the signal aborts, but those that were called off', () => {
  const stop = new AbortController()
  const called: string[] = []
  onAbort(stop.signal, () => called.push('first'))
  const callOff = onAbort(stop.signal, () => called.push('called off'))
  onAbort(stop.signal, () => called.push('last'))
  callOff()
  stop.abort()
  stop.abort()
  assert.deepEqual(called, ['first', 'last'])
})

test('a signal has one listener however many wait, and none when nobody does', () => {
  const { signal } = new AbortController()
  const first = onAbort(signal, () => {})
  const second = onAbort(signal, () => {})
  assert.equal(listeners(signal), 1)
  first()
  first()
  assert.equal(listeners(signal), 1)
  second()
  assert.equal(listeners(signal), 0)
  onAbort(signal, () => {})
  assert.equal(listeners(signal), 1)
})

test('one that is called off while the signal aborts is not called', () => {
  const stop = new AbortController()
  const called: string[] = []
  onAbort(stop.signal, () => {
    called.push('first')
    callOff()
  })
  const callOff = onAbort(stop.signal, () => called.push('second'))
  stop.abort()
  assert.deepEqual(called, ['first'])
})
