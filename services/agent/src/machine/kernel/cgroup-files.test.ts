import assert from 'node:assert/strict'
import { test } from 'node:test'
import { cgroupFiles, consumedIn, machineMemoryIn } from './cgroup-files.ts'

test('with hierarchies of their own, processor time and memory are counted there', () => {
  const text = '9:name=systemd:/a\n4:memory:/docker/id\n2:cpu,cpuacct:/docker/id\n0::/\n'
  assert.deepEqual(cgroupFiles(text, 'id'), {
    version: 1,
    cpu: '/sys/fs/cgroup/cpuacct/docker/id/cpuacct.usage',
    memory: '/sys/fs/cgroup/memory/docker/id/memory.usage_in_bytes',
    memoryStat: '/sys/fs/cgroup/memory/docker/id/memory.stat',
  })
})

test('in the unified hierarchy both stand in one folder', () => {
  const folder = '/sys/fs/cgroup/system.slice/docker-id.scope'
  assert.deepEqual(cgroupFiles('0::/system.slice/docker-id.scope\n', 'id'), {
    version: 2,
    cpu: `${folder}/cpu.stat`,
    memory: `${folder}/memory.current`,
    memoryStat: `${folder}/memory.stat`,
  })
  assert.equal(cgroupFiles('0::/', 'id')?.cpu, '/sys/fs/cgroup/cpu.stat')
  assert.equal(cgroupFiles('', 'id'), undefined)
})

test('a container that has made groups of its own is counted as a whole', () => {
  const leaf = '0::/system.slice/docker-f00d.scope/init.scope\n'
  const whole = '0::/system.slice/docker-f00d.scope\n'
  assert.deepEqual(cgroupFiles(leaf, 'f00d'), cgroupFiles(whole, 'f00d'))
  assert.equal(
    cgroupFiles('4:memory:/docker/f00d/a/b\n2:cpuacct:/docker/f00d/a\n', 'f00d')?.cpu,
    '/sys/fs/cgroup/cpuacct/docker/f00d/cpuacct.usage',
  )
})

test('the working set is what the kernel would not give up at once', () => {
  const memoryStat = 'inactive_file 10\ntotal_inactive_file 30\n'
  const one = consumedIn(1, { cpu: '2500000000\n', memory: '100\n', memoryStat })
  assert.deepEqual(one, { cpuSeconds: 2.5, memoryBytes: 70 })
  const cpu = 'usage_usec 2500000\nuser_usec 1\n'
  assert.deepEqual(consumedIn(2, { cpu, memory: '100\n', memoryStat }), {
    cpuSeconds: 2.5,
    memoryBytes: 90,
  })
  const meminfo = 'MemTotal:       1000 kB\nMemFree:         300 kB\nInactive(file):  200 kB\n'
  assert.equal(machineMemoryIn(meminfo), 500 * 1024)
})
