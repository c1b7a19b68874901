import assert from 'node:assert/strict'
import { test } from 'node:test'
import { cgroupFiles } from './cgroup-files.ts'
import { KernelCounts } from './kernel-counts.ts'

const group = '/sys/fs/cgroup/docker/f00d'
const files: Record<string, string> = {
  '/proc/7/cgroup': '0::/docker/f00d/init.scope\n',
  '/proc/8/cgroup': '0::/docker/beef\n',
  '/sys/fs/cgroup/cpu.stat': 'usage_usec 9000000\n',
  '/proc/meminfo': 'MemTotal: 1000 kB\nMemFree: 300 kB\nInactive(file): 200 kB\n',
  [`${group}/cpu.stat`]: 'usage_usec 2500000\n',
  [`${group}/memory.current`]: '100\n',
  [`${group}/memory.stat`]: 'inactive_file 10\n',
}
const failed = (code: string) => Object.assign(new Error(code), { code, syscall: 'open' })

/** The counts of a machine with those files, of which some cannot be read. */
function counts(unreadable: Record<string, Error> = {}) {
  const told: string[] = []
  const kernel = new KernelCounts({
    onUnread: ({ message }) => told.push(message),
    async readText(path) {
      if (unreadable[path]) throw unreadable[path]
      const text = files[path]
      if (text === undefined) throw failed('ENOENT')
      return text
    },
  })
  return { kernel, told }
}

test('a container is found by one of its processes, and what it and the machine consume is read', async () => {
  const { kernel, told } = counts()
  const found = await kernel.cgroupOf('f00d', 7)
  assert.deepEqual(found && (await kernel.consumedBy(found)), { cpuSeconds: 2.5, memoryBytes: 90 })
  assert.deepEqual(await kernel.consumedByMachine(), { cpuSeconds: 9, memoryBytes: 500 * 1024 })
  assert.equal(await kernel.cgroupOf('f00d', 8), undefined)
  assert.equal(await kernel.cgroupOf('f00d', 9), undefined)
  assert.deepEqual(told, [])
})

test('what cannot be read is not known, and told of once', async () => {
  const { kernel, told } = counts({
    '/proc/7/cgroup': failed('EACCES'),
    '/proc/meminfo': failed('EMFILE'),
    [`${group}/memory.stat`]: failed('EIO'),
  })
  const ofGroup = cgroupFiles('0::/docker/f00d\n', 'f00d')
  assert.ok(ofGroup)
  for (let times = 0; times < 2; times++) {
    assert.equal(await kernel.cgroupOf('f00d', 7), undefined)
    assert.equal(await kernel.consumedByMachine(), undefined)
    assert.equal(await kernel.consumedBy(ofGroup), undefined)
  }
  assert.deepEqual(told, ['EACCES', 'EMFILE', 'EIO'])
})

test('a bug is none of that', async () => {
  const { kernel } = counts({ '/proc/meminfo': new TypeError('a bug') })
  await assert.rejects(kernel.consumedByMachine(), TypeError)
})
