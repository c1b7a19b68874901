import assert from 'node:assert/strict'
import { test } from 'node:test'
import { KernelCounts } from '../machine/kernel/kernel-counts.ts'
import { DockerUsage } from './docker-usage.ts'

test('the machine’s usage is told only where the engine is on this machine', async () => {
  const counts = new KernelCounts({
    onUnread: assert.fail,
    readText: async (path) => (path === '/proc/meminfo' ? 'MemTotal: 7 kB\n' : '2000000000'),
  })
  const inspect = async () => undefined
  const read = (isHere: boolean) => new DockerUsage({ inspect, counts, isHere }).read([])
  assert.deepEqual((await read(true)).machine, { cpuSeconds: 2, memoryBytes: 7 * 1024 })
  assert.deepEqual((await read(false)).machine, undefined)
})
