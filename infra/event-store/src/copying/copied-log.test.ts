import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { encodeRecordedEvent, tombstoneRevision } from '../protocol/encode.ts'
import { openDatabase } from '../storage/database.ts'
import { temporaryDir } from '../testing/open-test-store.ts'
import { CopiedLog } from './copied-log.ts'

/** An event as a store sends it to readers. */
const messageAt = (position: number, stream: string, revision = 0, data = '{}') =>
  encodeRecordedEvent(
    {
      id: Buffer.alloc(16, position),
      type: 'Tested',
      contentType: 'application/json',
      metadata: Buffer.alloc(0),
      data: Buffer.from(data),
    },
    { position, stream, revision, createdMs: 1_700_000_000_000 },
  )

test('what was copied before its stream was ended goes with it, and stays nowhere in the file', (context) => {
  const dataDir = temporaryDir(context)
  const copy = openDatabase(dataDir, 'full', (database) => new CopiedLog(database))
  copy.add(messageAt(1, 'kept'))
  copy.add(messageAt(2, 'keys-1', 0, 'a secret that nobody may read'))
  copy.add(messageAt(3, '$$keys-1', 0, 'nor what is said of it'))
  copy.add(messageAt(4, 'kept', 1))
  copy.add(messageAt(5, 'keys-1', tombstoneRevision))
  assert.deepEqual([copy.events, copy.head], [3, 5])
  copy.close()
  const file = readFileSync(join(dataDir, 'events.db'))
  assert.ok(!file.includes('a secret that nobody'))
  assert.ok(!file.includes('nor what is said'))
  assert.ok(file.includes('kept'))
})
