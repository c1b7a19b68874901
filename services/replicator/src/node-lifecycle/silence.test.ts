import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Silence } from './silence.ts'

const afterEchoes = (silence: Silence, count: number) => {
  for (let n = 0; n < count; n++) silence.echoed()
}

test('a node is silent for as many echoes as came since it was heard', () => {
  const silence = new Silence()
  afterEchoes(silence, 3)
  assert.equal(silence.of('a'), 3)
  silence.heard('a')
  assert.equal(silence.of('a'), 0)
  afterEchoes(silence, 2)
  assert.equal(silence.of('a'), 2)
  assert.equal(silence.of('b'), 5)
  assert.deepEqual([silence.hasHeard('a'), silence.hasHeard('b')], [true, false])
})

test('what came before the wire was away counts no longer', () => {
  const silence = new Silence()
  afterEchoes(silence, 30)
  silence.interrupted()
  assert.equal(silence.of('a'), 0)
  afterEchoes(silence, 2)
  assert.equal(silence.of('a'), 2)
  silence.heard('a')
  afterEchoes(silence, 1)
  assert.equal(silence.of('a'), 1)
})

test('whoever was heard before the wire was away is yet to be heard', () => {
  const silence = new Silence()
  silence.heard('a')
  afterEchoes(silence, 30)
  silence.interrupted()
  assert.deepEqual([silence.of('a'), silence.hasHeard('a')], [0, false])
  silence.heard('a')
  assert.equal(silence.hasHeard('a'), true)
})

test('a node that is no more, and comes again, has said nothing', () => {
  const silence = new Silence()
  silence.heard('a')
  silence.forget('a')
  assert.equal(silence.hasHeard('a'), false)
})
