import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { layoutOf } from './layout.ts'
import { readOwnCluster } from './own-cluster.ts'

test('who asks a machine for a cluster of its own hears where there is one', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'own-cluster-'))
  t.after(() => rm(folder, { recursive: true }))
  const layout = layoutOf(folder)
  await assert.rejects(readOwnCluster(layout), /there is no cluster in .*; "reckon up" starts one/)
  const joined = { node: 'w1', server: 'https://10.0.0.5:6443' }
  await writeFile(layout.machineFile, JSON.stringify(joined))
  const told = /is the node w1 of the cluster at https:\/\/10\.0\.0\.5:6443: .* first machine/
  await assert.rejects(readOwnCluster(layout), told)
})
