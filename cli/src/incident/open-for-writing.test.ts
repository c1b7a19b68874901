import assert from 'node:assert/strict'
import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { openForWriting } from './open-for-writing.ts'

test('a file that cannot be written is refused with the reason; one that can is for its owner only', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'reckon-export-'))
  t.after(() => rm(folder, { recursive: true }))
  const why = async (file: string) => {
    const error: Error = await openForWriting(file).then(
      () => assert.fail(`${file} is written`),
      (error) => error,
    )
    return error.message
  }
  const missing = join(folder, 'none')
  assert.equal(
    await why(join(missing, 'log')),
    `${join(missing, 'log')} cannot be written: there is no folder ${missing}`,
  )
  assert.equal(await why(folder), `${folder} cannot be written: it is a folder`)
  const file = join(folder, 'log')
  await (await openForWriting(file)).close()
  assert.equal((await stat(file)).mode & 0o777, 0o600)
  assert.equal(
    await why(join(file, 'log')),
    `${join(file, 'log')} cannot be written: ${file} is no folder`,
  )
})
