import assert from 'node:assert/strict'
import { appendFile, mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, test } from 'node:test'
import { readLines } from './followed-file.ts'

let folder: string
let path: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'followed-'))
  path = join(folder, 'log')
})
afterEach(() => rm(folder, { recursive: true }))

const long = 'x'.repeat(100_000)

test('the last lines of a file are read, however long they are; one without its end is none', async () => {
  await writeFile(path, `one\ntwo\n${long}\nthree\nunfinis`)
  const read = (tail: number) => Array.fromAsync(readLines(path, { tail }))
  assert.deepEqual(await read(2), [long, 'three'])
  assert.deepEqual(await read(9), ['one', 'two', long, 'three'])
  assert.deepEqual(await read(0), [])
})

test('what is written later follows, also into a file that took its place', async () => {
  await writeFile(path, 'one\nunfinis')
  const stop = new AbortController()
  const lines = readLines(path, { tail: 1, follow: stop.signal })[Symbol.asyncIterator]()
  const next = async () => (await lines.next()).value
  assert.equal(await next(), 'one')
  const second = next()
  await appendFile(path, 'hed\n')
  assert.equal(await second, 'unfinished')
  const third = next()
  await rename(path, `${path}.1`)
  await writeFile(path, 'anew\n')
  assert.equal(await third, 'anew')
  stop.abort()
  assert.equal((await lines.next()).done, true)
})

test('while nothing has taken its place yet, what lies aside is read, and gone on from', async () => {
  const earlier = `${path}.1`
  await writeFile(earlier, 'one\ntwo\n')
  const stop = new AbortController()
  const reading = { tail: 1, follow: stop.signal, earlier }
  const lines = readLines(path, reading)[Symbol.asyncIterator]()
  assert.equal((await lines.next()).value, 'two')
  const next = lines.next()
  await writeFile(path, 'three\n')
  assert.equal((await next).value, 'three')
  stop.abort()
  assert.equal((await lines.next()).done, true)
})

test('of two files that are not there the one itself is told of; what else is wrong with it is not passed over', async () => {
  const read = (file: string, earlier: string) =>
    Array.fromAsync(readLines(file, { tail: 1, earlier }))
  await assert.rejects(read(path, `${path}.1`), { code: 'ENOENT', path })
  await writeFile(path, 'one\n')
  await assert.rejects(read(join(path, 'below'), path), { code: 'ENOTDIR' })
})

test('a file that is not there is an error', async () => {
  await assert.rejects(Array.fromAsync(readLines(path, { tail: 1 })), { code: 'ENOENT' })
})
