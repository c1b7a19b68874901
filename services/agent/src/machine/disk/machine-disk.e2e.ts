import assert from 'node:assert/strict'
import {
  mkdir,
  mkdtemp,
  readFile,
  realpath,
  rename,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import type { PlacedContent } from '../../volumes/pod-disk.ts'
import { createMachineDisk } from './machine-disk.ts'
import { mountMemory } from './mounts.ts'

const empty: PlacedContent = { type: 'Empty', volume: 'scratch', medium: 'Disk' }

// Mounts need root.
test('what is mounted of a volume is what was opened, whatever is put at its path later', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'reckon disk-'))
  const disk = createMachineDisk(dataDir, { next: () => '0', below: () => 0 })
  try {
    await disk.place('uid', empty)
    const volume = await disk.pathOf('uid', empty)
    const mounted = await disk.pathOf('uid', empty, 'logs/today')
    assert.ok(!mounted.startsWith(`${volume}/`))
    await writeFile(join(volume, 'logs/today/file'), 'mine')
    await rename(join(volume, 'logs'), join(volume, 'moved'))
    await symlink('/etc', join(volume, 'logs'))
    assert.equal(await readFile(join(mounted, 'file'), 'utf8'), 'mine')
    const file = await disk.pathOf('uid', empty, 'moved/today/file')
    assert.equal(await readFile(file, 'utf8'), 'mine')
    const again = ['moved/today/file', 'moved/today/file'].map((path) =>
      disk.pathOf('uid', empty, path),
    )
    assert.deepEqual(await Promise.all(again), [file, file])
    await disk.remove('uid')
    assert.deepEqual(await disk.pods(), [])
  } finally {
    await disk.remove('uid')
    await rm(dataDir, { recursive: true, force: true })
  }
})

test('the memory of a volume is given back, and what lies on disk stays', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'reckon-memory-'))
  const disk = createMachineDisk(dataDir, { next: () => '0', below: () => 0 })
  const isMounted = async (path: string) =>
    (await readFile('/proc/mounts', 'utf8')).includes(` ${path} `)
  const memory: PlacedContent = { type: 'Empty', volume: 'fast', medium: 'Memory' }
  try {
    for (const content of [empty, memory]) await disk.place('uid', content)
    const [slow, fast] = [await disk.pathOf('uid', empty), await disk.pathOf('uid', memory)]
    await writeFile(join(slow, 'file'), 'kept')
    assert.equal(await isMounted(fast), true)
    for (let time = 0; time < 2; time++) await disk.freeMemory('uid')
    assert.equal(await isMounted(fast), false)
    assert.equal(await readFile(join(slow, 'file'), 'utf8'), 'kept')
  } finally {
    await disk.remove('uid')
    await rm(dataDir, { recursive: true, force: true })
  }
})

test('what came from a Secret lies in memory that all pods share, which is unmounted when the node is removed', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'reckon-secrets-'))
  let versions = 0
  const ids = { next: () => `${versions++}`, below: () => 0 }
  const disk = createMachineDisk(dataDir, ids)
  const secret = (text: string): PlacedContent => ({
    ...{ type: 'Files', volume: 'secret', medium: 'Memory' },
    files: new Map([['key', { content: Buffer.from(text), mode: 0o400 }]]),
  })
  const mounts = async () =>
    (await readFile('/proc/mounts', 'utf8')).split('\n').filter((line) => line.includes(dataDir))
  try {
    await Promise.all(['one', 'two'].map((uid) => disk.place(uid, secret(uid))))
    assert.equal((await mounts()).length, 1)
    const path = await disk.pathOf('one', secret(''))
    assert.match((await mounts())[0] ?? '', /^tmpfs .*\/memory tmpfs /)
    assert.ok((await realpath(path)).startsWith(join(dataDir, 'memory')))
    assert.equal(await readFile(join(path, 'key'), 'utf8'), 'one')
    // As an agent that starts again finds it.
    await createMachineDisk(dataDir, ids).place('one', secret('new'))
    assert.equal(await readFile(await disk.pathOf('one', secret(''), 'key'), 'utf8'), 'new')
    await disk.freeMemory('one')
    await assert.rejects(readFile(join(path, 'key')), { code: 'ENOENT' })
    assert.equal(await readFile(join(await disk.pathOf('two', secret('')), 'key'), 'utf8'), 'two')
    for (const uid of ['one', 'two']) await disk.remove(uid)
    assert.deepEqual(await disk.pods(), [])
    for (let time = 0; time < 2; time++) await disk.tearDown()
    assert.deepEqual(await mounts(), [])
  } finally {
    await disk.tearDown()
    await rm(dataDir, { recursive: true, force: true })
  }
})

test('a volume of an earlier agent, with a mount of its own, goes on as it is', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'reckon-earlier-'))
  const disk = createMachineDisk(dataDir, { next: () => '0', below: () => 0 })
  const files = new Map([['key', { content: Buffer.from('new'), mode: 0o400 }]])
  const secret: PlacedContent = { type: 'Files', volume: 'secret', medium: 'Memory', files }
  const dir = join(dataDir, 'pods/uid/volumes/secret')
  try {
    await mkdir(dir, { recursive: true })
    await mountMemory(dir)
    await disk.place('uid', secret)
    assert.equal(await realpath(await disk.pathOf('uid', secret)), dir)
    assert.equal(await readFile(join(dir, 'key'), 'utf8'), 'new')
  } finally {
    await disk.remove('uid')
    await rm(dataDir, { recursive: true, force: true })
  }
})
