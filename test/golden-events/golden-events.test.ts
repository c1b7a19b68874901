import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Objects } from '@reckon/domain'
import { goldens } from './golden-events.ts'

for (const { commit, vault, events } of goldens) {
  test(`what ${commit} recorded makes the same objects for ever`, () => {
    const objects = new Objects(vault)
    for (const { event, after } of events) {
      objects.apply(event)
      const found = after && objects.ofStream(event.stream)
      const what = `${event.type} at ${event.stream}@${event.revision}`
      assert.deepEqual(found?.object, after, what)
    }
  })
}
