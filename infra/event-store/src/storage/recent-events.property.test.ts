import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import type { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import { applyWrite, type Write } from '../appending/apply-write.ts'
import type { ProposedEvent } from '../appending/proposed-event.ts'
import { openDatabase } from './database.ts'
import { EventPages } from './event-pages.ts'
import { Storage } from './storage.ts'
import type { StoredEvent } from './stored-event.ts'

const turnsEach = 60
const names = ['a', 'b', '$$a', '$$b', 'c', 'd']
const metadata = [
  '{"$maxCount":2}',
  '{"$tb":3}',
  '{"$maxAge":1}',
  '{"$tb":9223372036854775807}',
  '{}',
]

/** Numbers from 0 on, below a bound, the same for the same seed. */
function drawing(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

function eventOf(stream: string, draw: (below: number) => number): ProposedEvent {
  const isMetadata = stream.startsWith('$$')
  const size = draw(200) === 0 ? 1 << 20 : draw(40) === 0 ? 300_000 : 10 + draw(1000)
  return {
    id: Buffer.from(randomUUID().replaceAll('-', ''), 'hex'),
    type: isMetadata ? '$metadata' : 'Tested',
    contentType: 'application/json',
    metadata: Buffer.alloc(0),
    data: isMetadata ? Buffer.from(metadata[draw(metadata.length)] ?? '') : Buffer.alloc(size, 7),
  }
}

function writeOf(draw: (below: number) => number): Write {
  const stream = names[draw(names.length)] ?? ''
  const about = { stream, expected: 'Any' } as const
  const kind = stream.startsWith('$$') ? 99 : draw(100)
  if (kind < 2) return { ...about, type: 'Tombstone' }
  if (kind < 8) return { ...about, type: 'Delete' }
  const events = Array.from({ length: 1 + draw(8) }, () => eventOf(stream, draw))
  return { ...about, type: 'Append', events }
}

/** A store, and its file as who keeps nothing in memory reads it. */
function openTwins() {
  let database: DatabaseSync | undefined
  const storage = openDatabase(':memory:', 'normal', (opened) => {
    database = opened
    return new Storage(opened)
  })
  assert.ok(database)
  return { storage, database, file: new EventPages(database, { from: () => undefined }) }
}

test('who follows is handed from memory what stands in the file, whatever was removed or undone', () => {
  for (let seed = 1; seed <= 4; seed++) {
    const draw = drawing(seed)
    const { storage, file } = openTwins()
    for (let turn = 1; turn <= turnsEach; turn++) {
      const effects = { touched: new Set<string>(), scrubbed: false }
      storage.begin()
      const before = storage.head()
      for (let writes = draw(4); writes >= 0; writes--) {
        applyWrite(writeOf(draw), { storage, nowMs: turn * 400, effects })
      }
      const isUndone = draw(5) === 0
      if (isUndone) storage.rollback()
      else storage.commit()
      const head = storage.head()
      if (isUndone) assert.equal(head, before)
      for (const behind of [600, 20, 3, 1, 0, -1]) {
        const from = Math.max(0, head - behind)
        const [handed, stored] = [storage.pages.allForwards(from), file.allForwards(from)]
        const count = Math.min(handed.length, stored.length)
        assert.ok(count > 0 || handed.length === stored.length, `seed ${seed}, turn ${turn}`)
        for (let at = 0; at < count; at++) assertSame(handed[at], stored[at])
      }
    }
    storage.close()
  }
})

/** Bytes are compared as such: a difference of megabytes is nothing to be printed. */
function assertSame(handed: StoredEvent | undefined, stored: StoredEvent | undefined): void {
  assert.ok(handed && stored)
  const { message, ...event } = handed
  const { message: bytes, ...expected } = stored
  assert.deepEqual(event, expected)
  assert.ok(message.equals(bytes), `the message at ${event.position}`)
}

test('what cannot even be undone is not told as recorded', () => {
  const { storage, database } = openTwins()
  const write = () => {
    const effects = { touched: new Set<string>(), scrubbed: false }
    const events = [eventOf('a', () => 0)]
    applyWrite(
      { type: 'Append', stream: 'a', expected: 'Any', events },
      { storage, nowMs: 0, effects },
    )
  }
  storage.begin()
  write()
  storage.commit()
  storage.begin()
  write()
  Object.assign(database, {
    exec: () => {
      throw new Error('disk I/O error')
    },
  })
  assert.throws(() => storage.rollback(), /disk I\/O error/)
  assert.equal(storage.head(), 1)
})
