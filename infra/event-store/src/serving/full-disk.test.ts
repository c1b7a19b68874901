import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { binaryEvent } from '@eventstore/db-client'
import { collect, openTestStore } from '../testing/open-test-store.ts'

const event = () => binaryEvent({ type: 'Large', data: Buffer.alloc(100_000, 7) })
const skip = process.getuid?.() === 0 ? false : 'only root can mount a small disk'

function smallDisk(context: TestContext): string {
  const dir = mkdtempSync(join(tmpdir(), 'event-store-'))
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=8m', 'tmpfs', dir])
  context.after(() => {
    // Lazily, as the store may close its files after this.
    execFileSync('umount', ['--lazy', dir])
    rmdirSync(dir)
  })
  return dir
}

test('a full disk refuses writes, serves reads, and is forgotten once there is room', {
  skip,
}, async (context) => {
  const dataDir = smallDisk(context)
  const ballast = join(dataDir, 'ballast')
  writeFileSync(ballast, Buffer.alloc(3 << 20))
  const lines: string[] = []
  const { client } = await openTestStore(context, { dataDir, log: (line) => lines.push(line) })
  let acknowledged = 0
  await assert.rejects(async () => {
    for (;;) {
      await client.appendToStream('s', event(), { expectedRevision: 'any' })
      acknowledged++
    }
  }, /disk is full/)
  assert.ok(acknowledged > 0)
  assert.equal((await collect(client.readStream('s'))).length, acknowledged)
  assert.equal(lines.filter((line) => line.includes('disk is full')).length, 1)
  rmSync(ballast)
  const result = await client.appendToStream('s', event())
  assert.equal(result.nextExpectedRevision, BigInt(acknowledged))
  assert.match(lines.at(-1) ?? '', /can write again/)
})
