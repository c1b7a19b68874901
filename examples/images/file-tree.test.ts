import assert from 'node:assert/strict'
import { test } from 'node:test'
import { addEntry, type FileTree, imagePath, newEntry, sortedEntries } from './file-tree.ts'

test('what older packages keep beside /usr moves into it', () => {
  assert.equal(imagePath('bin/busybox'), 'usr/bin/busybox')
  assert.equal(imagePath('/lib/x86_64-linux-gnu/libc.so.6'), 'usr/lib/x86_64-linux-gnu/libc.so.6')
  assert.equal(imagePath('lib64'), 'usr/lib64')
  assert.equal(imagePath('library/x'), 'library/x')
})

test('directories come with their files, and before them', () => {
  const tree: FileTree = new Map()
  addEntry(tree, newEntry('etc/nginx/nginx.conf', {}))
  addEntry(tree, newEntry('etc', { kind: 'directory', mode: 0o700 }))
  assert.deepEqual(
    sortedEntries(tree).map(({ path, mode }) => [path, mode]),
    [
      ['etc', 0o700],
      ['etc/nginx', 0o755],
      ['etc/nginx/nginx.conf', 0o644],
    ],
  )
})
