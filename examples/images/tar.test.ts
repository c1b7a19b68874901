import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { test } from 'node:test'
import { packTar } from 'modern-tar'
import { newEntry } from './file-tree.ts'
import { readTar, writeTar } from './tar.ts'

const entries = [
  newEntry('etc', { kind: 'directory', mode: 0o755 }),
  newEntry('etc/passwd', { data: Buffer.from('root:x:0:0\n'), mode: 0o600, uid: 7, gid: 8 }),
  newEntry('bin', { kind: 'symlink', mode: 0o777, target: 'usr/bin' }),
  newEntry(`deep/${'d'.repeat(120)}/file`, { data: Buffer.alloc(1500, 'x') }),
  newEntry('far', { kind: 'symlink', mode: 0o777, target: `deep/${'d'.repeat(120)}` }),
]

test('what is written is read back, long names too', async () => {
  assert.deepEqual(await readTar(await writeTar(entries)), entries)
})

test('tar itself reads what is written', async () => {
  const listing = execFileSync('tar', ['-t'], { input: await writeTar(entries) }).toString()
  assert.deepEqual(listing.trim().split('\n'), [
    'etc/',
    ...entries.slice(1).map(({ path }) => path),
  ])
})

test('the same entries give the same bytes', async () => {
  const again = structuredClone(entries).map(withBuffer)
  assert.ok((await writeTar(entries)).equals(await writeTar(again)))
})

test('a hard link is read as a copy of its file', async () => {
  const archive = await packTar([
    { header: { name: './a', type: 'file', size: 3 }, body: 'one' },
    { header: { name: './b', type: 'link', size: 0, linkname: './a' } },
  ])
  const read = await readTar(archive)
  assert.deepEqual(
    read.map(({ path, kind, data }) => [path, kind, data.toString()]),
    [
      ['a', 'file', 'one'],
      ['b', 'file', 'one'],
    ],
  )
})

test('an archive that ends too early is refused', async () => {
  const archive = await writeTar(entries)
  await assert.rejects(readTar(archive.subarray(0, 1030)))
})

function withBuffer(entry: (typeof entries)[number]) {
  return { ...entry, data: Buffer.from(entry.data) }
}
