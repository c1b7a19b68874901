import assert from 'node:assert/strict'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import type { KubernetesObject } from '@reckon/kubernetes'
import { type Golden, goldens } from '../golden-events/golden-events.ts'
import { openCluster } from './cluster.ts'

const isLong = process.env.RECKON_TEST_LONG === '1'
const writtenAt = ({ events }: Golden) => events.at(-1)?.event.metadata?.time ?? ''
const byTime = goldens.toSorted((one, other) => (writtenAt(one) < writtenAt(other) ? -1 : 1))
// The oldest and the newest; the events of all are folded by `test/golden-events` each time.
const started = isLong ? byTime : [...byTime.slice(0, 1), ...byTime.slice(-1)]

for (const { commit, database, masterKey, clusterFile, objects } of started) {
  test(`a data directory of ${commit} starts and serves the same objects`, async (context) => {
    const cluster = await openCluster(`golden-${commit}`)
    const write = (folder: string, file: string, content: string | Uint8Array) => {
      mkdirSync(join(cluster.dataDir, folder), { recursive: true, mode: 0o700 })
      writeFileSync(join(cluster.dataDir, folder, file), content, { mode: 0o600 })
    }
    write('.', 'cluster.json', clusterFile)
    write('event-store', 'events.db', database)
    write('certificates', 'master.key', masterKey)
    context.after(() => cluster.reset())
    await cluster.up()
    // Events end an hour after they were written, whoever opens them then.
    const lasting = objects.filter(({ kind }) => kind !== 'Event')
    for (const { kind, metadata, ...content } of lasting) {
      const { name, namespace, uid } = metadata
      const where = namespace ? ['--namespace', namespace] : []
      const served = await cluster.json<KubernetesObject>('get', kind, name, ...where)
      assert.equal(served.metadata.uid, uid)
      if (kind === 'Secret') assert.deepEqual({ ...served, ...content }, served)
    }
  })
}
