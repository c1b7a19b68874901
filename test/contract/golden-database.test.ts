import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { Objects } from '@reckon/domain'
import { openEventStoreServer } from '@reckon/event-store'
import { openEventStore } from '@reckon/eventing/eventstore'
import { resourceOfKind } from '@reckon/kubernetes'
import { formatReplay, Replay } from '@reckon/scheduling'
import { goldens } from '../golden-events/golden-events.ts'

/** How many decisions of all logs were computed again: those of the present algorithm. */
let recomputed = 0

for (const { commit, vault, objects, database } of goldens) {
  test(`the event store of a cluster of ${commit} opens, holds the same objects and is decided the same way`, async (context) => {
    const dataDir = mkdtempSync(join(tmpdir(), 'reckon-golden-'))
    context.after(() => rmSync(dataDir, { recursive: true, force: true }))
    writeFileSync(join(dataDir, 'events.db'), database)
    const server = await openEventStoreServer({ dataDir, host: '127.0.0.1', port: 0 })
    context.after(() => server.close())
    const log = await openEventStore(server.url, { name: 'golden' })
    context.after(() => log.close())
    const view = new Objects(vault)
    const replay = new Replay()
    for await (const event of log.readAll()) {
      view.apply(event)
      replay.add(event)
    }
    assert.ok(view.cluster)
    for (const object of objects) {
      const resource = resourceOfKind(object.apiVersion, object.kind)
      const { namespace = '', name } = object.metadata
      assert.deepEqual(resource && view.get(resource, namespace, name)?.object, object)
    }
    const report = replay.end()
    assert.equal(report.divergences, 0, formatReplay(report))
    recomputed += report.decisions
  })
}

test('decisions of the present algorithm are among the frozen ones', () => {
  assert.ok(
    recomputed >= 100,
    `${recomputed}: test/golden-events/README.md tells how some are frozen`,
  )
})
