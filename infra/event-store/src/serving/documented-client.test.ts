import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { test } from 'node:test'
import { promisify } from 'node:util'
import { openTestStore } from '../testing/open-test-store.ts'

test('the program in the documentation does what it says', async (context) => {
  const { server } = await openTestStore(context)
  const program = join(import.meta.dirname, '../../../../docs/event-store-client.ts')
  const { stdout } = await promisify(execFile)(process.execPath, [program, server.url])
  for (const line of [
    'read { number: 1 }',
    'read { number: 2 }',
    'received',
    'a lost race: wrong-expected-version',
    'deleted: stream-not-found',
    'tombstoned: stream-deleted',
  ]) {
    assert.ok(stdout.includes(line), `${line} in:\n${stdout}`)
  }
})
