import assert from 'node:assert/strict'
import { mkdtemp, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import type { VolumeContent } from '../volumes/pod-disk.ts'
import { createMachineDisk } from './machine-disk.ts'

const empty: VolumeContent = { type: 'Empty', volume: 'scratch', medium: 'Disk' }

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
  const memory: VolumeContent = { type: 'Empty', volume: 'fast', medium: 'Memory' }
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
