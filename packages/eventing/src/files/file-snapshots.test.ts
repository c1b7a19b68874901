import assert from 'node:assert/strict'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import type { Snapshot, SnapshotRecord, SnapshotStore } from '../snapshots.ts'
import { createFileSnapshots } from './file-snapshots.ts'

const head = {
  witnesses: [{ position: '9007199254742029', stream: 'samples-a/b', revision: '0', id: 'id' }],
  projections: 2,
}
const snapshot = (...records: SnapshotRecord[]): Snapshot => ({ ...head, records })

let folder: string
before(async () => {
  folder = join(await mkdtemp(join(tmpdir(), 'snapshots-')), 'new')
})
after(() => rm(join(folder, '..'), { recursive: true }))

async function read(store: SnapshotStore, name: string): Promise<Snapshot | undefined> {
  await using kept = await store.load(name)
  if (kept === undefined) return undefined
  const { witnesses, projections } = kept
  return { witnesses, projections, records: await Array.fromAsync(kept.records()) }
}

test('gives back the last snapshot of a name, also to another process', async () => {
  const store = createFileSnapshots(folder)
  assert.equal(await read(store, 'views'), undefined)
  await store.save('views', snapshot([0, { objects: 1 }]))
  const last = snapshot([0, { text: 'ä\u2028\n"' }], [1, null], [1, 'x'])
  await store.save('views', last)
  await store.save('others', snapshot())
  assert.deepEqual(await read(createFileSnapshots(folder), 'views'), last)
  assert.deepEqual(await read(store, 'others'), snapshot())
  const files = ['others.snapshot.ndjson', 'views.snapshot.ndjson']
  assert.deepEqual((await readdir(folder)).sort(), files)
})

test('a file that is torn at any length, or has another byte, counts as none', async () => {
  const store = createFileSnapshots(folder)
  await store.save('torn', snapshot([0, { a: 1 }], [1, { b: 2 }]))
  const path = join(folder, 'torn.snapshot.ndjson')
  const whole = await readFile(path)
  for (let length = 0; length < whole.length; length++) {
    await writeFile(path, whole.subarray(0, length))
    assert.equal(await read(store, 'torn'), undefined, `${length} bytes`)
    const other = Buffer.from(whole)
    other[length] = (other[length] ?? 0) ^ 1
    await writeFile(path, other)
    assert.equal(await read(store, 'torn'), undefined, `byte ${length}`)
  }
  await writeFile(path, whole)
  assert.ok(await read(store, 'torn'))
})

test('one that could not be written to its end leaves the old one', async () => {
  const store = createFileSnapshots(folder)
  await store.save('kept', snapshot([0, 'old']))
  function* failing(): Generator<SnapshotRecord> {
    yield [0, 'new']
    throw new Error('a record failed')
  }
  await assert.rejects(store.save('kept', { ...head, records: failing() }), /a record failed/)
  assert.deepEqual(await read(store, 'kept'), snapshot([0, 'old']))
})

test('no text is ever as long as the snapshot, and others have their turn meanwhile', async (context) => {
  const lengthMax = 4_096
  const { parse, stringify } = JSON
  context.mock.method(JSON, 'stringify', (value: unknown) => {
    const text = stringify(value)
    if (text.length > lengthMax) throw new RangeError('Invalid string length')
    return text
  })
  context.mock.method(JSON, 'parse', (text: string) => {
    if (text.length > lengthMax) throw new RangeError('Invalid string length')
    return parse(text)
  })
  const count = 20_000
  let taken = 0
  let others = 0
  function* records(): Generator<SnapshotRecord> {
    for (; taken < count; taken++) yield [0, { taken, text: 'x'.repeat(100) }]
  }
  const other = setInterval(() => {
    if (taken < count) others++
  }, 0)
  const store = createFileSnapshots(folder)
  await store.save('large', { ...head, records: records() })
  clearInterval(other)
  assert.ok(others > 0)
  await using kept = await store.load('large')
  let read = 0
  for await (const [, record] of kept?.records() ?? []) {
    assert.equal((record as { taken: number }).taken, read++)
  }
  assert.equal(read, count)
})
