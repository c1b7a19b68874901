import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { jsonEvent } from '@eventstore/db-client'
import { openTestStore, temporaryDir } from '../testing/open-test-store.ts'

/** Which of these texts stand anywhere in the files of a directory. */
function found(dir: string, texts: readonly string[]): string[] {
  const files = readdirSync(dir).map((file) => join(dir, file))
  const contents = files.filter((file) => existsSync(file)).map((file) => readFileSync(file))
  return texts.filter((text) => contents.some((content) => content.includes(text)))
}

const secretOf = (number: number) => `hidden-value-${number}-`
const event = (number: number, bytes: number) =>
  jsonEvent({ type: 'KeyMade', data: { key: secretOf(number).repeat(Math.ceil(bytes / 16)) } })

test('nothing of a tombstoned stream is left in the files once it is acknowledged', async (context) => {
  const dataDir = temporaryDir(context)
  const { client } = await openTestStore(context, { dataDir })
  const numbers = [...Array(200).keys()]
  // Small, page-sized and overflowing events share pages, so that removing one moves its neighbours.
  for (const number of numbers) {
    const bytes = [40, 900, 4000, 60_000][number % 4] ?? 0
    await client.appendToStream(`keys-${number % 120}`, event(number, bytes))
  }
  const secrets = numbers.map(secretOf)
  assert.deepEqual(found(dataDir, secrets), secrets)
  for (const number of numbers.slice(0, 120)) {
    if (number % 120 < 60) await client.tombstoneStream(`keys-${number}`)
  }
  const kept = numbers.filter((number) => number % 120 >= 60).map(secretOf)
  assert.deepEqual(found(dataDir, secrets), kept)
})

test('what $maxCount pushed out is gone from the files after a clean stop', async (context) => {
  const dataDir = temporaryDir(context)
  const { client, server } = await openTestStore(context, { dataDir })
  await client.setStreamMetadata('lease', { maxCount: 1 })
  for (let number = 0; number < 50; number++) {
    await client.appendToStream('lease', event(number, 300))
  }
  await server.close()
  const secrets = [...Array(50).keys()].map(secretOf)
  assert.deepEqual(found(dataDir, secrets), [secretOf(49)])
})
