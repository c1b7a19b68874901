import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import type { RecordedEvent } from '../log/event.ts'
import type { Indexed, LogIndexStore } from '../log-index.ts'
import { createMemoryEventLog } from '../memory/index.ts'
import { createFileIndex } from './file-index.ts'

let root: string
before(async () => {
  root = await mkdtemp(join(tmpdir(), 'index-'))
})
const created: LogIndexStore[] = []
after(async () => {
  for (const index of created) await index.close()
  await rm(root, { recursive: true })
})

function indexIn(folder: string): LogIndexStore {
  const index = createFileIndex(folder)
  created.push(index)
  return index
}

/** A log whose events are one second apart, but for each third, which is two seconds early. */
async function sampleLog(count = 30) {
  const log = createMemoryEventLog()
  for (let each = 0; each < count; each++) {
    const timeMs = 1_000_000 + each * 1000 - (each % 3 === 0 ? 2000 : 0)
    const time = new Date(timeMs).toISOString()
    const metadata = {
      ...{ actor: { user: 'ada' }, verb: 'test', time },
      $correlationId: `c-${each % 4}`,
    }
    const event = { id: `e-${each}`, type: 'Tested', data: {}, metadata }
    await log.append(`tests-/${each}`, 'Any', [event])
  }
  const events = await Array.fromAsync(log.readAll())
  return { log, events, entries: events.map(entryOf) }
}

const entryOf = ({ id, position, stream, metadata }: RecordedEvent): Indexed => ({
  ...{ id, position, correlation: metadata?.$correlationId ?? '' },
  timeMs: Date.parse(metadata?.time ?? ''),
  ...{ scope: `scope of ${stream}`, mark: Number(position % 5n) },
})

async function filled(name: string) {
  const folder = join(root, name)
  const sample = await sampleLog()
  const index = indexIn(folder)
  await index.open(sample.log)
  for (const entry of sample.entries) await index.append([entry])
  return { folder, index, ...sample, file: join(folder, 'entries') }
}

async function told(index: LogIndexStore, position?: bigint) {
  const found: Omit<Indexed, 'id' | 'correlation'>[] = []
  for await (const page of index.pages(position)) {
    for (let place = 0; place < page.count; place++) {
      found.push({
        ...{ position: page.positionAt(place), timeMs: page.timeMsAt(place) },
        ...{ scope: page.scopeAt(place), mark: page.markAt(place) },
      })
    }
  }
  return found
}

const shown = (entries: readonly Indexed[]) =>
  entries.map(({ id: _, correlation: __, ...entry }) => entry)

test('what was indexed is told in order, from any position, also to the next process', async () => {
  const { index, log, entries, events, folder } = await filled('told')
  assert.deepEqual(await told(index), shown(entries))
  await index.close()
  const again = indexIn(folder)
  await again.open(log)
  assert.equal(again.upTo, events.at(-1)?.position)
  const middle = events[10]?.position ?? 0n
  assert.deepEqual(await told(again, middle), shown(entries.slice(11)))
  const places: number[] = []
  for await (const page of again.pages()) places.push(...page.placesOf('c-1'))
  assert.deepEqual(places, [1, 5, 9, 13, 17, 21, 25, 29])
})

test('a time leads to the last position that was recorded by it, though clocks be apart', async () => {
  const { index, entries } = await filled('times')
  for (let timeMs = 996_000; timeMs < 1_035_000; timeMs += 500) {
    const last = entries.findLast((entry) => entry.timeMs <= timeMs)
    assert.equal(await index.lastBy(timeMs, 5000), last?.position, String(timeMs))
  }
})

test('what is torn or damaged is cut off, and written again', async () => {
  const { index, log, entries, file, folder } = await filled('torn')
  await index.close()
  await truncate(file, 20 * 32 - 1)
  const torn = indexIn(folder)
  await torn.open(log)
  assert.deepEqual(await told(torn), shown(entries.slice(0, 19)))
  await torn.append(entries.slice(19))
  assert.deepEqual(await told(torn), shown(entries))
  await torn.close()
  const bytes = await readFile(file)
  bytes[10 * 32 + 5] = (bytes[10 * 32 + 5] ?? 0) ^ 1
  await writeFile(file, bytes)
  const damaged = indexIn(folder)
  await damaged.open(log)
  assert.deepEqual(await told(damaged), shown(entries.slice(0, 10)))
})

test('of scopes that are torn or damaged those before are kept, and the others are written again', async () => {
  const { index, log, entries, folder } = await filled('scopes')
  await index.close()
  const file = join(folder, 'scopes')
  const lines = (await readFile(file, 'utf8')).split('\n')
  const first20 = `${lines.slice(0, 20).join('\n')}\n`
  for (const rest of ['"scope of', '\0\0\0', `${lines[20]?.slice(3)}\n${lines[21]}\n`, first20]) {
    await writeFile(file, `${first20}${rest}`)
    const torn = indexIn(folder)
    await torn.open(log)
    assert.deepEqual(await told(torn), shown(entries.slice(0, 20)))
    await torn.append(entries.slice(20))
    await torn.close()
    const again = indexIn(folder)
    await again.open(log)
    assert.deepEqual(await told(again), shown(entries))
    await again.close()
  }
})

test('what is later than an earlier copy of the log that took its place is not of it', async () => {
  const { index, folder, log, entries } = await filled('earlier')
  await index.close()
  const copy = createMemoryEventLog()
  for (const { id, stream, type, data, metadata } of (await Array.fromAsync(log.readAll())).slice(
    0,
    25,
  )) {
    if (metadata) await copy.append(stream, 'Any', [{ id, type, data, metadata }])
  }
  const again = indexIn(folder)
  await again.open(copy)
  assert.equal(again.upTo, await copy.head())
  assert.deepEqual(await told(again), shown(entries.slice(0, 25)))
})

test('while it is opened it tells nothing: nobody knows yet of which log it is', async () => {
  const { index, folder, log, entries } = await filled('opening')
  await index.close()
  const again = indexIn(folder)
  const meanwhile: unknown[] = []
  await again.open({
    ...log,
    async *readAll(span) {
      for (const after of [undefined, 0n]) meanwhile.push(await told(again, after))
      yield* log.readAll(span)
    },
  })
  assert.deepEqual(meanwhile, [[], []])
  assert.deepEqual(await told(again), shown(entries))
})

test('it has one process at a time, and the next one as soon as that has closed it', async () => {
  const { index, folder, log, entries } = await filled('held')
  const other = indexIn(folder)
  assert.equal(await other.open(log), false)
  assert.deepEqual(await told(other), [])
  assert.deepEqual(await told(index), shown(entries))
  await index.close()
  assert.equal(await other.open(log), true)
  assert.deepEqual(await told(other), shown(entries))
})

test('that of another log is thrown away', async () => {
  const { index, folder } = await filled('other')
  await index.close()
  // Its events have other ids, at the same positions.
  const other = createMemoryEventLog()
  const metadata = { actor: { user: 'ada' }, verb: 'test', time: '', $correlationId: 'c' }
  for (let each = 0; each < 30; each++) {
    const event = { id: `other-${each}`, type: 'Tested', data: {}, metadata }
    await other.append(`tests-/${each}`, 'Any', [event])
  }
  const again = indexIn(folder)
  await again.open(other)
  assert.equal(again.upTo, undefined)
  assert.deepEqual(await told(again), [])
})
