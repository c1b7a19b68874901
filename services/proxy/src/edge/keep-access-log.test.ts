import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, test } from 'node:test'
import { edgeFiles } from '@reckon/routing'
import { keepAccessLog, rotateAccessLog } from './keep-access-log.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'access-log-'))
})
afterEach(() => rm(folder, { recursive: true }))

test('a log that is gone when it is to be put aside is none', async () => {
  const files = edgeFiles(folder)
  await writeFile(files.accessLog, 'a line')
  const earlierAccessLog = join(folder, 'absent', 'log')
  await rotateAccessLog({ ...files, earlierAccessLog }, 0)
})

test('where the machine refuses, that is logged, and the log looked at again', async () => {
  const file = join(folder, 'file')
  await writeFile(file, '')
  let looks = 0
  const stop = new AbortController()
  const clock = {
    now: () => 0,
    sleep: async () => {
      looks += 1
      if (looks === 2) stop.abort()
    },
  }
  const warnings: unknown[] = []
  const log = { info() {}, warn: (fields: object) => warnings.push(fields) }
  await keepAccessLog({ clock, log, files: edgeFiles(file) }, stop.signal)
  assert.equal(looks, 2)
  assert.match(JSON.stringify(warnings), /ENOTDIR.*ENOTDIR/)
})
