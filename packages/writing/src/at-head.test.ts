import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isRefusal, StatusError } from '@reckon/kubernetes'
import { atHead, type Look } from './at-head.ts'

/** A view that comes to the head when it is asked to, and how often it was. */
function view({ isAway = false, comesAt = 1 } = {}) {
  const state = { isAtHead: false, asked: 0 }
  const reader = {
    waitForHead: async () => {
      state.asked++
      state.isAtHead = !isAway && state.asked >= comesAt
      return state.isAtHead
    },
  }
  return { reader, state }
}

const refusing = () => {
  throw new StatusError('NotFound', 'no such namespace')
}

test('what is decided without a refusal does not wait', async () => {
  const { reader, state } = view()
  assert.equal(await atHead({ reader }, (look) => look(() => 7)), 7)
  assert.equal(state.asked, 0)
})

test('a refusal stands where it is refused again at the head, and not where it is not', async () => {
  const { reader, state } = view()
  const decided = atHead({ reader }, (look) => look(() => (state.isAtHead ? 7 : refusing())))
  assert.equal(await decided, 7)
  await assert.rejects(
    atHead({ reader }, (look) => look(refusing)),
    /no such namespace/,
  )
  assert.equal(state.asked, 2)
})

test('a view that does not come to the head is no answer', async () => {
  const { reader } = view({ isAway: true })
  await assert.rejects(
    atHead({ reader }, (look) => look(refusing)),
    (error) => isRefusal(error, 'ServiceUnavailable'),
  )
})

test('a view that is held up for a while is waited for', async () => {
  const { reader, state } = view({ comesAt: 3 })
  const decided = atHead({ reader }, (look) => look(() => (state.isAtHead ? 7 : refusing())))
  assert.equal(await decided, 7)
})

test('nothing is done again but for what was refused for the sake of other objects', async () => {
  const { reader, state } = view()
  let writes = 0
  const write = async (look: Look) => {
    writes++
    // Refused as it was known first, and not as it was known next; then nobody knows what became of the append.
    assert.throws(() => look(refusing))
    throw new StatusError('Timeout', 'unknown')
  }
  await assert.rejects(atHead({ reader }, write), (error) => isRefusal(error, 'Timeout'))
  assert.deepEqual([writes, state.asked], [1, 0])
})
