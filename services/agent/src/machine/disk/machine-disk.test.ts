import assert from 'node:assert/strict'
import { mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { isRefusal } from '@reckon/kubernetes'
import type { PlacedContent, PodDisk } from '../../volumes/pod-disk.ts'
import { createMachineDisk } from './machine-disk.ts'

const files = (texts: Record<string, string>): PlacedContent => ({
  type: 'Files',
  volume: 'conf',
  files: new Map(
    Object.entries(texts).map(([path, text]) => [
      path,
      { content: Buffer.from(text), mode: 0o640 },
    ]),
  ),
})
const empty: PlacedContent = { type: 'Empty', volume: 'scratch', medium: 'Disk' }

test('the files of a volume are put in the place of the old ones, all at once', async () => {
  await withDisk(async (disk) => {
    await disk.place('uid', files({ a: '1', 'deep/b': '2' }))
    const dir = await disk.pathOf('uid', files({}))
    assert.equal(await readFile(join(dir, 'deep/b'), 'utf8'), '2')
    await Promise.all([disk.place('uid', files({ a: '3' })), disk.place('uid', files({ a: '4' }))])
    assert.equal(await readFile(join(dir, 'a'), 'utf8'), '4')
    const entries = await readdir(dir)
    assert.deepEqual(entries.filter((name) => !name.startsWith('..')).sort(), ['a'])
    assert.equal(entries.length, 3, 'one version is left, and the link to it')
  })
})

test('equal files are not written again', async () => {
  await withDisk(async (disk) => {
    await disk.place('uid', files({ a: '1' }))
    const dir = await disk.pathOf('uid', files({}))
    const before = await readdir(dir)
    await disk.place('uid', files({ a: '1' }))
    assert.deepEqual(await readdir(dir), before)
  })
})

test('what a writer that was killed has left undone is done by the next one, though the files are equal', async () => {
  await withDisk(async (disk) => {
    await disk.place('uid', files({ a: '1', b: '2' }))
    const dir = await disk.pathOf('uid', files({}))
    const whole = (await readdir(dir)).sort()
    await rm(join(dir, 'b'))
    await mkdir(join(dir, '..old'))
    await disk.place('uid', files({ a: '1', b: '2' }))
    assert.deepEqual((await readdir(dir)).sort(), whole)
    assert.equal(await readFile(await disk.pathOf('uid', files({}), 'b'), 'utf8'), '2')
  })
})

test('a path inside a volume never leads out, and is that of a file where files are what it has', async () => {
  await withDisk(async (disk) => {
    await disk.place('uid', empty)
    await symlink('/etc', join(await disk.pathOf('uid', empty), 'out'))
    await assert.rejects(disk.pathOf('uid', empty, 'out'), (error) => isRefusal(error, 'Invalid'))
    await disk.place('uid', files({ a: '1' }))
    assert.equal(await readFile(await disk.pathOf('uid', files({}), 'a'), 'utf8'), '1')
    const missing = disk.pathOf('uid', files({}), 'b')
    await assert.rejects(missing, (error) => isRefusal(error, 'NotFound'))
  })
})

test('what a hostPath asks for must be there', async () => {
  await withDisk(async (disk) => {
    const path = '/proc/self/no-such-thing'
    const asked = disk.place('uid', { type: 'HostPath', volume: 'v', path, check: 'Directory' })
    await assert.rejects(asked, (error) => isRefusal(error, 'NotFound'))
    const file = { type: 'HostPath', volume: 'v', path: '/etc/passwd', check: 'Directory' } as const
    await assert.rejects(disk.place('uid', file), (error) => isRefusal(error, 'Invalid'))
  })
})

test('nothing is left of a pod that is removed', async () => {
  await withDisk(async (disk) => {
    await disk.place('uid', empty)
    assert.deepEqual(await disk.pods(), ['uid'])
    await disk.remove('uid')
    await disk.remove('uid')
    assert.deepEqual(await disk.pods(), [])
  })
})

async function withDisk(check: (disk: PodDisk) => Promise<void>): Promise<void> {
  const dataDir = await mkdtemp(join(tmpdir(), 'reckon-disk-'))
  let numbers = 0
  try {
    await check(createMachineDisk(dataDir, { next: () => `${numbers++}`, below: () => 0 }))
  } finally {
    await rm(dataDir, { recursive: true, force: true })
  }
}

test('what outlives its pod is made once, kept when the pod is removed, and removed by its own name', async () => {
  await withDisk(async (disk) => {
    const path = disk.volumePath('pvc-1')
    const content = { type: 'Local', volume: 'data', path, isMade: true } as const
    await disk.place('one', content)
    await writeFile(join(path, 'file'), 'kept')
    await disk.remove('one')
    await disk.place('two', content)
    assert.equal(await readFile(join(await disk.pathOf('two', content), 'file'), 'utf8'), 'kept')
    assert.equal((await stat(path)).mode & 0o777, 0o777)
    await disk.removeVolume('pvc-1')
    await assert.rejects(stat(path), { code: 'ENOENT' })
    await disk.removeVolume('pvc-1')
    const missing = { ...content, isMade: false }
    await assert.rejects(disk.place('two', missing), { reason: 'NotFound' })
  })
})

test('what outlives its pod is given to the group of each pod, with all that is in it, or by fsGroupChangePolicy once', async (t) => {
  if (process.getuid?.() !== 0) return t.skip('only root gives files away')
  await withDisk(async (disk) => {
    const path = disk.volumePath('pvc-2')
    const content = { type: 'Local', volume: 'data', path, isMade: true } as const
    await disk.place('one', content)
    await writeFile(join(path, 'file'), 'x')
    const groupOf = async (name: string) => (await stat(join(path, name))).gid
    await disk.place('three', { ...content, group: 7 })
    assert.deepEqual([await groupOf('.'), await groupOf('file')], [7, 7])
    await writeFile(join(path, 'later'), 'y')
    const before = await groupOf('later')
    await disk.place('four', { ...content, group: 7, isGivenOnce: true })
    assert.equal(await groupOf('later'), before)
  })
})
