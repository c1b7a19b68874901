import assert from 'node:assert/strict'
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import type { Snapshot } from '../snapshots.ts'
import { createFileSnapshots } from './file-snapshots.ts'

const snapshot = (states: unknown[]): Snapshot => ({
  witnesses: [{ position: '9007199254742029', stream: 'samples-a/b', revision: '0', id: 'id' }],
  states,
})

let folder: string
before(async () => {
  folder = join(await mkdtemp(join(tmpdir(), 'snapshots-')), 'new')
})
after(() => rm(join(folder, '..'), { recursive: true }))

test('gives back the last snapshot of a name, also to another process', async () => {
  const store = createFileSnapshots(folder)
  assert.equal(await store.load('views'), undefined)
  await store.save('views', snapshot([{ objects: 1 }]))
  await store.save('views', snapshot([{ objects: 2 }]))
  await store.save('others', snapshot([]))
  assert.deepEqual(await createFileSnapshots(folder).load('views'), snapshot([{ objects: 2 }]))
  assert.deepEqual((await readdir(folder)).sort(), ['others.snapshot.json', 'views.snapshot.json'])
})

test('takes the states as they are at the call', async () => {
  const store = createFileSnapshots(folder)
  const state = { count: 1 }
  const saving = store.save('moving', snapshot([state]))
  state.count = 2
  await saving
  assert.deepEqual(await store.load('moving'), snapshot([{ count: 1 }]))
})

test('a damaged file counts as none', async () => {
  const store = createFileSnapshots(folder)
  for (const text of ['{"witnesses": [', 'null', '{}']) {
    await writeFile(join(folder, 'damaged.snapshot.json'), text)
    assert.equal(await store.load('damaged'), undefined)
  }
})
