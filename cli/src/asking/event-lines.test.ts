import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ApiNotReady, ApiRefusal } from './api-client.ts'
import { followedEvents } from './event-lines.ts'

/** An API that answers one request after the other with these lines, and then ends, or fails as told. */
function apiOf(...answers: readonly { lines: readonly string[]; failure?: Error }[]) {
  const asked: string[] = []
  return {
    asked,
    async *lines(path: string) {
      const answer = answers[asked.length]
      asked.push(new URLSearchParams(path.split('?')[1]).get('since') ?? '')
      yield* answer?.lines ?? []
      if (answer?.failure) throw answer.failure
    },
  }
}

const event = (position: number) => JSON.stringify({ position: String(position) })

test('who follows goes on after the last event, though the API is away and then not ready', async () => {
  const api = apiOf(
    { lines: [event(1)], failure: new Error('socket hang up') },
    { lines: [], failure: new ApiNotReady('the view has not yet reached the head of the log') },
    { lines: [event(2)], failure: new ApiRefusal('no longer allowed') },
  )
  const told: string[] = []
  const follow = async () => {
    for await (const line of followedEvents(api, new URLSearchParams())) told.push(line)
  }
  await assert.rejects(follow, /no longer allowed/)
  assert.deepEqual(told, [event(1), event(2)])
  assert.deepEqual(api.asked, ['', '1', '1'])
})

test('who follows goes on, too, where the API has told enough', async () => {
  const api = apiOf({ lines: [event(1)] }, { lines: [event(2)], failure: new ApiRefusal('no') })
  const told: string[] = []
  const follow = async () => {
    for await (const line of followedEvents(api, new URLSearchParams())) told.push(line)
  }
  await assert.rejects(follow, /no/)
  assert.deepEqual(
    [told, api.asked],
    [
      [event(1), event(2)],
      ['', '1'],
    ],
  )
})

test('an API that never answered is not waited for', async () => {
  const api = apiOf({ lines: [], failure: new Error('does not answer') })
  await assert.rejects(followedEvents(api, new URLSearchParams()).next(), /does not answer/)
})
