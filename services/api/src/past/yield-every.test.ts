import assert from 'node:assert/strict'
import { test } from 'node:test'
import { yieldEvery } from './yield-every.ts'

test('others have their turn after so many items, and it ends once nobody waits any more', async () => {
  let turns = 0
  const clock = {
    now: () => 0,
    sleep: async () => {
      turns++
    },
  }
  const gone = new AbortController()
  const turn = yieldEvery({ clock, signal: gone.signal, items: 10 })
  for (let n = 0; n < 25; n++) await turn()
  assert.equal(turns, 2)
  gone.abort(new Error('gone'))
  await assert.rejects(turn(), /gone/)
})
