import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { test } from 'node:test'
import { newEntry } from './file-tree.ts'
import { readTar, writeTar } from './tar.ts'

const entries = [
  newEntry('etc', { kind: 'directory', mode: 0o755 }),
  newEntry('etc/passwd', { data: Buffer.from('root:x:0:0\n'), mode: 0o600, uid: 7, gid: 8 }),
  newEntry('bin', { kind: 'symlink', mode: 0o777, target: 'usr/bin' }),
  newEntry(`deep/${'d'.repeat(120)}/file`, { data: Buffer.alloc(1500, 'x') }),
  newEntry('far', { kind: 'symlink', mode: 0o777, target: `deep/${'d'.repeat(120)}` }),
]

test('what is written is read back, long names too', () => {
  assert.deepEqual(readTar(writeTar(entries)), entries)
})

test('tar itself reads what is written', () => {
  const listing = execFileSync('tar', ['-t'], { input: writeTar(entries) }).toString()
  assert.deepEqual(listing.trim().split('\n'), [
    'etc/',
    ...entries.slice(1).map(({ path }) => path),
  ])
})

test('the same entries give the same bytes', () => {
  assert.ok(writeTar(entries).equals(writeTar(structuredClone(entries).map(withBuffer))))
})

test('a hard link is read as a copy of its file', () => {
  const archive = writeTar([
    newEntry('a', { data: Buffer.from('one') }),
    newEntry('b', { target: 'a' }),
  ])
  archive.write('1', 2 * 512 + 156)
  assert.equal(
    readTar(archive)
      .find(({ path }) => path === 'b')
      ?.data.toString(),
    'one',
  )
})

test('an archive that ends too early is refused', () => {
  assert.throws(() => readTar(writeTar(entries).subarray(0, 1030)), /ends in the middle/)
})

function withBuffer(entry: (typeof entries)[number]) {
  return { ...entry, data: Buffer.from(entry.data) }
}
