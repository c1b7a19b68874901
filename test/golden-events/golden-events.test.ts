import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Objects, refOf } from '@reckon/domain'
import { goldens } from './golden-events.ts'

for (const { commit, vault, events } of goldens) {
  test(`what ${commit} recorded makes the same objects for ever`, () => {
    const objects = new Objects(vault)
    for (const { event, after } of events) {
      objects.apply(event)
      const ref = refOf(event.stream)
      const found = after && ref && objects.get(ref.resourceId, ref.namespace, ref.name)
      const what = `${event.type} at ${event.stream}@${event.revision}`
      assert.deepEqual(found?.object, after, what)
    }
  })
}
