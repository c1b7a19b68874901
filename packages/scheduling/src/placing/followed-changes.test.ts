import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ChangeLog } from '../state/change-log.ts'
import { FollowedChanges } from './followed-changes.ts'

/** Changes that are followed, and what their follower hears at each look. */
function followed() {
  const changes = new ChangeLog(8)
  const follower = new FollowedChanges(changes)
  const look = () => {
    const heard: number[] = []
    return { isFollowed: follower.each((changed) => heard.push(changed)), heard }
  }
  return { changes, look }
}

test('the first look is at everything, the next ones at what changed since', () => {
  const { changes, look } = followed()
  changes.add(1)
  assert.deepEqual(look(), { isFollowed: false, heard: [] })
  assert.deepEqual(look(), { isFollowed: true, heard: [] })
  changes.add(2)
  changes.add(1)
  assert.deepEqual(look(), { isFollowed: true, heard: [2, 1] })
})

test('who looks too late looks at everything', () => {
  const { changes, look } = followed()
  look()
  for (let n = 0; n < 257; n++) changes.add(n)
  assert.deepEqual(look(), { isFollowed: false, heard: [] })
})

test('a follower from before the first change has seen all of it', () => {
  const { changes, look } = followed()
  look()
  changes.add(5)
  assert.deepEqual(look(), { isFollowed: true, heard: [5] })
})
