import assert from 'node:assert/strict'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import {
  type RecordTexts,
  type Snapshot,
  type SnapshotRecord,
  type SnapshotStore,
  snapshotPosition,
} from '../snapshots.ts'
import { createFileSnapshots } from './file-snapshots.ts'

const head = {
  witnesses: [{ position: '9007199254742029', stream: 'samples-a/b', revision: '0', id: 'id' }],
  projections: 2,
}
const snapshot = (...records: SnapshotRecord[]): Snapshot => ({ ...head, records })
const at = (position: number, ...records: SnapshotRecord[]): Snapshot => ({
  witnesses: head.witnesses.map((witness) => ({ ...witness, position: String(position) })),
  projections: 2,
  records,
})

let folder: string
before(async () => {
  folder = join(await mkdtemp(join(tmpdir(), 'snapshots-')), 'new')
})
after(() => rm(join(folder, '..'), { recursive: true }))

async function read(
  store: SnapshotStore,
  name: string,
  position?: bigint,
): Promise<Snapshot | undefined> {
  const loaded = await (position === undefined ? store.load(name) : store.loadAt(name, position))
  await using kept = loaded === 'Damaged' ? undefined : loaded
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
  const place = '00009007199254742029'
  const files = ['others', 'views'].flatMap((name) =>
    ['passing', 'snapshot'].map((part) => `${name}.${place}.${part}.ndjson`),
  )
  assert.deepEqual((await readdir(folder)).sort(), files)
})

test('a file that is torn at any length, or has another byte, counts as none', async () => {
  const store = createFileSnapshots(folder)
  await store.save('torn', snapshot([0, { a: 1 }], [1, { b: 2 }]))
  const path = join(folder, 'torn.00009007199254742029.snapshot.ndjson')
  const intact = await readFile(path)
  for (let length = 0; length < intact.length; length++) {
    await writeFile(path, intact.subarray(0, length))
    assert.equal(await store.load('torn'), 'Damaged', `${length} bytes`)
    const other = Buffer.from(intact)
    other[length] = (other[length] ?? 0) ^ 1
    await writeFile(path, other)
    assert.equal(await store.load('torn'), 'Damaged', `byte ${length}`)
  }
  await writeFile(path, intact)
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

test('of a series each state is found by its position, and those far back are thinned', async () => {
  const store = createFileSnapshots(folder, { keep: 'Series' })
  for (let n = 1; n <= 12; n++) await store.save('series', at(n * 100, [0, { n }]))
  const found = async (position: number) => (await read(store, 'series', BigInt(position)))?.records
  assert.equal(await found(99), undefined)
  assert.deepEqual(await found(100), [[0, { n: 1 }]])
  assert.deepEqual(await found(1099), [[0, { n: 10 }]])
  assert.deepEqual(await found(5000), [[0, { n: 12 }]])
  const kept = (await readdir(folder)).filter((file) => /^series.*snapshot/.test(file))
  assert.ok(kept.length < 10, `${kept.length} are kept`)
  // A log that was set back begins another series.
  await store.save('series', at(250, [0, 'other']))
  assert.deepEqual(await found(5000), [[0, 'other']])
})

test('what passes is gone with the next snapshot, and from the past at once', async () => {
  const store = createFileSnapshots(folder, { keep: 'Series' })
  const hidden = [0, { key: 'hidden' }] as const
  await store.save('keys', at(1, [...hidden, { isPassing: true }], [1, 'a']))
  assert.deepEqual((await read(store, 'keys'))?.records, [hidden, [1, 'a']])
  assert.deepEqual((await read(store, 'keys', 1n))?.records, [[1, 'a']])
  await store.save('keys', at(2, [1, 'b']))
  assert.deepEqual((await read(store, 'keys'))?.records, [[1, 'b']])
  assert.deepEqual((await read(store, 'keys', 1n))?.records, [[1, 'a']])
  for (const file of (await readdir(folder)).filter((each) => each.startsWith('keys'))) {
    assert.ok(!(await readFile(join(folder, file), 'utf8')).includes('hidden'))
  }
})

const never = new AbortController().signal

/** The records of `count` names in each of some namespaces, together with some that have no key. */
function* keyedRecords(namespaces: readonly string[], count: number): Generator<SnapshotRecord> {
  yield [0, { head: 'pods-b/1' }]
  for (const namespace of namespaces) {
    for (let n = 0; n < count; n++) {
      const key = `pods-${namespace}/${n}`
      yield [0, { key, text: 'x'.repeat(n % 1000) }, { key }]
    }
  }
  yield [1, { end: 'pods-b/1' }]
}

async function keysIn(store: SnapshotStore, prefixes: readonly string[]): Promise<string[]> {
  await using kept = await store.loadAt('many', snapshotPosition(head))
  return keysOf(await kept?.texts(prefixes, never))
}

const keysOf = (texts: readonly RecordTexts[] = assert.fail()): string[] =>
  texts
    .flatMap(({ bytes, begins, ends }) =>
      Array.from(begins, (begin, n) => JSON.parse(bytes.toString('utf8', begin, ends[n])).key),
    )
    .filter((key) => key !== undefined)

test('the records whose keys begin so are found among many, and few of the others are read', async () => {
  const store = createFileSnapshots(folder)
  const namespaces = ['a', 'ä', 'b-b', 'b', 'c"']
  await store.save('many', { ...head, records: keyedRecords(namespaces, 3000) })
  for (const namespace of namespaces) {
    const prefix = `pods-${namespace}/`
    const found = await keysIn(store, [prefix])
    const wanted = found.filter((key) => key.startsWith(prefix))
    assert.deepEqual(
      wanted,
      Array.from({ length: 3000 }, (_, n) => `${prefix}${n}`),
    )
    assert.ok(found.length < 4000, `${found.length} are read`)
  }
  assert.deepEqual(await keysIn(store, ['services-', 'nodes-']), [])
  assert.equal((await keysIn(store, ['pods-'])).length, 15_000)
  assert.ok((await keysIn(store, ['pods-a/', 'pods-b/'])).length >= 6000)
})

test('of a file with another byte the undamaged parts are found, and no others', async () => {
  const store = createFileSnapshots(folder)
  await store.save('many', { ...head, records: keyedRecords(['a', 'b'], 3000) })
  const path = join(folder, 'many.00009007199254742029.snapshot.ndjson')
  const bytes = await readFile(path)
  const at = bytes.indexOf('"pods-a/1500"')
  bytes[at] = (bytes[at] ?? 0) ^ 1
  await writeFile(path, bytes)
  await using kept = (await store.loadAt('many', snapshotPosition(head))) ?? assert.fail()
  assert.equal(await kept.texts(['pods-a/'], never), undefined)
  assert.ok(keysOf(await kept.texts(['pods-b/'], never)).length >= 3000)
  assert.equal(await store.load('many'), 'Damaged')
})

test('a file of another form counts as none, and goes with the next snapshot', async () => {
  const store = createFileSnapshots(folder, { keep: 'Series' })
  const old = 'form.00000000000000000007.snapshot.ndjson'
  await writeFile(join(folder, old), '{"witnesses":[],"projections":1}\n[0,{}]\n{"sha256":"00"}\n')
  assert.equal(await read(store, 'form', 8n), undefined)
  await store.save('form', at(8))
  assert.ok(!(await readdir(folder)).includes(old))
})

test('what a kill has left of a snapshot is cleared away', async () => {
  const store = createFileSnapshots(folder)
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, 'left.00000000000000000007.snapshot.ndjson.new'), 'half')
  await store.save('left', at(8))
  const left = (await readdir(folder)).filter((file) => file.startsWith('left'))
  assert.equal(left.length, 2)
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
  await using kept = await store.loadAt('large', snapshotPosition(head))
  let read = 0
  for await (const [, record] of kept?.records() ?? []) {
    assert.equal((record as { taken: number }).taken, read++)
  }
  assert.equal(read, count)
})
