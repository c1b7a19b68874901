import assert from 'node:assert/strict'
import { mkdir, mkdtemp, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { bytesBelow } from './bytes-below.ts'

test('what a folder takes of its disk is counted to its depth, and no link is followed', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'reckon-bytes-'))
  t.after(() => rm(folder, { recursive: true }))
  const [counted, other] = [join(folder, 'counted'), join(folder, 'other')]
  await mkdir(join(counted, 'deep'), { recursive: true })
  const empty = await bytesBelow(counted)
  await writeFile(other, Buffer.alloc(1_000_000, 1))
  await symlink(other, join(counted, 'link'))
  await writeFile(join(counted, 'deep', 'file'), Buffer.alloc(100_000, 1))
  const bytes = (await bytesBelow(counted)) - empty
  assert.ok(bytes >= 100_000 && bytes < 200_000, `${bytes}`)
  const { dev } = await stat(counted)
  assert.equal(await bytesBelow(counted, dev), empty + bytes)
  assert.equal(await bytesBelow(counted, dev + 1), 0)
  assert.equal(await bytesBelow(join(folder, 'nothing')), 0)
})
