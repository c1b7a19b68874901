import assert from 'node:assert/strict'
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { keptAfter, sampleLog, segmentsContract, writeTo } from '../contract/segments-contract.ts'
import { createMemorySegments } from '../memory/index.ts'
import { createFileSegments, type FileSegmentsOptions } from './file-segments.ts'

let root: string
before(async () => {
  root = await mkdtemp(join(tmpdir(), 'segments-'))
})
after(() => rm(root, { recursive: true }))

let folders = 0
const newFolder = () => join(root, String(folders++))

segmentsContract('memory', async () => {
  const store = createMemorySegments()
  return { store, again: () => store }
})
for (const fileBytesMax of [100, 1000, 1_000_000]) {
  segmentsContract(`files of ${fileBytesMax} bytes`, async () => {
    const folder = newFolder()
    const again = () => createFileSegments(folder, { fileBytesMax })
    return { store: again(), again }
  })
}

/** A folder with everything in one file, or more; each append has one event. */
async function written(options: FileSegmentsOptions = {}) {
  const folder = newFolder()
  const { events } = await sampleLog()
  const store = createFileSegments(folder, options)
  await store.begin(undefined)
  for (const event of events) await writeTo(store, [event])
  await store.close()
  const files = (await readdir(folder)).sort().map((file) => join(folder, file))
  return { folder, files, events, open: () => createFileSegments(folder, options) }
}

test('one that is torn at any byte of its last records has those before, and goes on after them', async () => {
  const { files, events, open } = await written()
  const path = files[0] ?? ''
  const intact = await readFile(path)
  // The very last is the store's own and short: the tear goes through the one before, too.
  for (let length = intact.length - 1; length > intact.length - 350; length--) {
    await writeFile(path, intact.subarray(0, length))
    const store = open()
    const { upTo } = (await store.stretch()) ?? {}
    const whereToGoOn = events.findIndex(({ position }) => position === upTo) + 1
    assert.ok(whereToGoOn > 0 && whereToGoOn < events.length)
    assert.deepEqual(await keptAfter(store, undefined), events.slice(0, whereToGoOn))
    await writeTo(store, events.slice(whereToGoOn))
    assert.deepEqual(await keptAfter(store, undefined), events)
    await store.close()
  }
})

test('where a byte is another one it ends before', async () => {
  const { files, events, open } = await written()
  const path = files[0] ?? ''
  const intact = await readFile(path)
  for (let at = 0; at < intact.length; at += 7) {
    const other = Buffer.from(intact)
    other[at] = (other[at] ?? 0) ^ 1
    await writeFile(path, other)
    const kept = await keptAfter(open(), undefined)
    assert.ok(kept.length < events.length)
    assert.deepEqual(kept, events.slice(0, kept.length))
  }
})

test('a file that is missing, cut or damaged ends what is before it', async () => {
  const { files, events, open } = await written({ fileBytesMax: 1500 })
  assert.ok(files.length > 4)
  const [second = ''] = files.slice(1)
  const intact = await readFile(second)
  await writeFile(second, intact.subarray(0, -1))
  const damaged = await keptAfter(open(), undefined)
  assert.ok(damaged.length < events.length)
  assert.deepEqual(damaged, events.slice(0, damaged.length))
  const stretched = async () => {
    const store = open()
    const stretch = await store.stretch()
    await store.close()
    return stretch
  }
  const { after: position } = (await stretched()) ?? {}
  const rest = events.filter((event) => event.position > (position ?? -1n))
  assert.ok(rest.length > 0 && rest.length < events.length)
  assert.deepEqual(await keptAfter(open(), position), rest)
  await writeFile(files.at(-1) ?? '', 'nothing of ours')
  const cut = await stretched()
  assert.equal(cut?.after, position)
  assert.ok((cut?.upTo ?? 0n) <= (events.at(-1)?.position ?? 0n))
})

test('a file of which nothing but its head is intact ends all, the first one too', async () => {
  const { files, events, open } = await written({ fileBytesMax: 1500 })
  for (const path of files.slice(0, -1)) {
    const intact = await readFile(path)
    const other = Buffer.from(intact)
    // Behind the first block, which is the head, and the length and checksum of the next.
    const at = 8 + other.readUInt32LE(0) + 8
    other[at] = (other[at] ?? 0) ^ 1
    await writeFile(path, other)
    const kept = await keptAfter(open(), undefined)
    assert.deepEqual(kept, events.slice(0, kept.length))
    assert.equal(kept.length === 0, path === files[0])
    await writeFile(path, intact)
  }
})

test('no more is kept than was asked for, the newest', async () => {
  const { folder, files, events, open } = await written({ fileBytesMax: 1000, bytesMax: 3000 })
  const sizes = await Promise.all(files.map(async (file) => (await stat(file)).size))
  assert.ok(sizes.reduce((sum, size) => sum + size, 0) < 5000)
  const store = open()
  const stretch = await store.stretch()
  const kept = events.filter(({ position }) => position > (stretch?.after ?? -1n))
  assert.ok(kept.length < events.length)
  assert.equal(stretch?.upTo, events.at(-1)?.position)
  assert.deepEqual(await keptAfter(store, stretch?.after), kept)
  await store.begin(stretch?.upTo)
  assert.equal((await readdir(folder)).length, 1)
  await store.close()
})
