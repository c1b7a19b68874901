import assert from 'node:assert/strict'
import { test } from 'node:test'
import { StatusError } from '@reckon/kubernetes'
import { attempt, KeyFailure } from './attempt.ts'

const thrown = (act: () => unknown): unknown => {
  try {
    act()
  } catch (error) {
    return error
  }
  return undefined
}

test('what a computation answers is answered', () => {
  assert.equal(
    attempt('pods-a/b', () => 7),
    7,
  )
})

test('a bug in it is a failure of its key, and names what was thrown', () => {
  const bug = new TypeError('undefined is no object')
  const failure = thrown(() =>
    attempt('pods-a/b', () => {
      throw bug
    }),
  )
  assert.ok(failure instanceof KeyFailure)
  assert.equal(failure.key, 'pods-a/b')
  assert.equal(failure.cause, bug)
  assert.match(failure.message, /pods-a\/b: undefined is no object/)
})

test('a refusal passes, and so does the failure of a key within another', () => {
  for (const error of [new StatusError('Conflict', 'no'), new KeyFailure('pods-a/b', 'x')]) {
    const refuse = () => {
      throw error
    }
    assert.equal(
      thrown(() => attempt('other', refuse)),
      error,
    )
  }
})

test('what awaits is no computation', () => {
  // @ts-expect-error: it answers later, so that its bugs cannot be told from those of the world.
  attempt('pods-a/b', async () => 7)
})
