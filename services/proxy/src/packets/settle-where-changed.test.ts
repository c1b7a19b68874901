import assert from 'node:assert/strict'
import { test } from 'node:test'
import { settleWhereChanged } from './settle-where-changed.ts'

/** A machine whose network is set up where it says 'right'. */
function machine(said: string | undefined) {
  const state = { said, settled: 0, isFailing: false, meanwhile: () => {} }
  const settle = settleWhereChanged(
    async () => state.said,
    async () => {
      state.settled++
      if (state.isFailing) throw new Error('not now')
      if (state.said !== undefined) state.said = 'right'
      state.meanwhile()
    },
  )
  return { state, settle }
}

test('what a settling left unchanged is not settled again until it changes', async () => {
  const { state, settle } = machine('right')
  for (let round = 0; round < 3; round++) await settle()
  assert.equal(state.settled, 1)
  state.said = 'wrong'
  for (let round = 0; round < 3; round++) await settle()
  assert.equal(state.settled, 3)
  assert.equal(state.said, 'right')
})

test('what somebody else changed during a settling is settled by the next one', async () => {
  const { state, settle } = machine('wrong')
  state.meanwhile = () => {
    state.said = 'wrong too'
    state.meanwhile = () => {}
  }
  await settle()
  await settle()
  assert.equal(state.said, 'right')
})

test('what failed is tried again, and so is what cannot be looked at', async () => {
  const { state, settle } = machine('right')
  state.isFailing = true
  for (let round = 0; round < 2; round++) await assert.rejects(settle(), { message: 'not now' })
  assert.equal(state.settled, 2)
  const blind = machine(undefined)
  for (let round = 0; round < 2; round++) await blind.settle()
  assert.equal(blind.state.settled, 2)
})
