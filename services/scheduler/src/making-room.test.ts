import assert from 'node:assert/strict'
import { test } from 'node:test'
import { MakingRoom } from './making-room.ts'

test('a pod waits until all its victims go, and has its turn then if it missed one', () => {
  const making = new MakingRoom()
  making.begin('high', ['one', 'two'])
  assert.deepEqual(making.goes('one'), [])
  assert.ok(making.isHeld('high'))
  assert.deepEqual(making.goes('two'), ['high'])
  assert.ok(!making.isHeld('high'))
})

test('whose turn did not come meanwhile is woken by what ends, as everybody', () => {
  const making = new MakingRoom()
  making.begin('high', ['one'])
  assert.deepEqual(making.goes('one'), [])
  making.begin('higher', ['one'])
  assert.ok(making.isHeld('higher'))
  making.end('higher')
  assert.deepEqual(making.goes('one'), [])
})

test('a pod whose victim does not go is held no longer, and has its turn if that goes after all', () => {
  const making = new MakingRoom()
  assert.ok(!making.giveUp('high'))
  making.begin('high', ['one'])
  assert.ok(making.giveUp('high'))
  assert.ok(!making.isHeld('high'))
  making.begin('high', ['one'])
  assert.ok(making.isHeld('high'))
  making.giveUp('high')
  assert.deepEqual(making.goes('one'), ['high'])
  assert.deepEqual(making.goes('one'), [])
})
