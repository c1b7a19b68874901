import assert from 'node:assert/strict'
import { lstat, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { rewriteFile } from './rewrite-file.ts'

test('a file is replaced beside itself, keeps its mode, and is reached by the same link', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'reckon-rewrite-'))
  t.after(() => rm(folder, { recursive: true }))
  const [path, link] = [join(folder, 'config'), join(folder, 'link')]
  await writeFile(path, 'before', { mode: 0o640 })
  await symlink(path, link)
  const before = await stat(path)
  await rewriteFile(link, 'since')
  const since = await stat(path)
  assert.equal(await readFile(path, 'utf8'), 'since')
  assert.equal(since.mode, before.mode)
  assert.notEqual(since.ino, before.ino, 'it is another file')
  assert.ok((await lstat(link)).isSymbolicLink())
  assert.deepEqual(await readdir(folder), ['config', 'link'])
})
