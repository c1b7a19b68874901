import assert from 'node:assert/strict'
import { test } from 'node:test'
import { countFilesOf, countsIn, pathOfGroup } from './cgroup-counts.ts'
import { type CgroupFiles, cgroupFiles } from './cgroup-files.ts'

const found = (text: string): CgroupFiles => {
  const files = cgroupFiles(text, 'id')
  assert.ok(files)
  return files
}
const none = { memory: '0', memoryStat: '', cpuStat: '', swap: undefined, io: undefined }

test('the other counts of a group stand beside those that are read all the time', () => {
  const unified = found('0::/system.slice/docker-id.scope\n')
  assert.equal(pathOfGroup(unified), '/system.slice/docker-id.scope')
  assert.equal(countFilesOf(unified).io, '/sys/fs/cgroup/system.slice/docker-id.scope/io.stat')
  const own = found('4:memory:/docker/id\n2:cpu,cpuacct:/docker/id\n')
  assert.equal(pathOfGroup(own), '/docker/id')
  const { cpuStat, io } = countFilesOf(own)
  assert.equal(cpuStat, '/sys/fs/cgroup/cpu/docker/id/cpu.stat')
  assert.equal(io, '/sys/fs/cgroup/blkio/docker/id/blkio.throttle.io_service_bytes_recursive')
})

test('of the unified hierarchy memory, throttling and disks are read', () => {
  const counts = countsIn(2, {
    memory: '100\n',
    memoryStat: 'anon 40\nfile 50\n',
    cpuStat: 'usage_usec 7\nnr_periods 10\nnr_throttled 4\nthrottled_usec 2500000\n',
    swap: '3\n',
    io: '8:0 rbytes=1 wbytes=2 rios=3 wios=4 dbytes=0 dios=0\n7:0 \n',
    ioOperations: undefined,
  })
  assert.deepEqual(counts, {
    usageBytes: 100,
    rssBytes: 40,
    cacheBytes: 50,
    swapBytes: 3,
    periods: { count: 10, throttled: 4, throttledSeconds: 2.5 },
    disks: [{ device: '8:0', reads: 3, writes: 4, readBytes: 1, writtenBytes: 2 }],
  })
})

test('of hierarchies of their own as well', () => {
  const counts = countsIn(1, {
    ...none,
    memoryStat: 'rss 1\ntotal_rss 40\ntotal_cache 50\ntotal_swap 3\n',
    cpuStat: 'nr_periods 10\nnr_throttled 4\nthrottled_time 2500000000\n',
    io: '8:0 Read 1\n8:0 Write 2\n8:0 Total 3\nTotal 3\n',
    ioOperations: '8:0 Read 3\n8:0 Write 4\nTotal 7\n',
  })
  assert.deepEqual([counts.rssBytes, counts.cacheBytes, counts.swapBytes], [40, 50, 3])
  assert.equal(counts.periods?.throttledSeconds, 2.5)
  assert.deepEqual(counts.disks, [
    { device: '8:0', reads: 3, writes: 4, readBytes: 1, writtenBytes: 2 },
  ])
})

test('a container that nobody limits has no periods', () => {
  const counts = countsIn(2, { ...none, cpuStat: 'nr_periods 0\n', ioOperations: undefined })
  assert.equal(counts.periods, undefined)
  assert.deepEqual(counts.disks, [])
})
