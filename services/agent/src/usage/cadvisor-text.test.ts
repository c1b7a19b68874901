import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { RuntimeUsage } from '../runtime/runtime-usage.ts'
import { cadvisorText } from './cadvisor-text.ts'

const pod = { uid: 'u', namespace: 'default', name: 'web' }
const consumed = {
  id: 'i',
  pod,
  container: 'c',
  startedAtMs: 1_500,
  cpuSeconds: 2.5,
  memoryBytes: 70,
}
const counts = {
  ...{ image: 'nginx', cgroup: '/docker/i' },
  ...{ usageBytes: 100, rssBytes: 60, cacheBytes: 30, swapBytes: 0 },
  periods: { count: 10, throttled: 4, throttledSeconds: 0.5 },
  disks: [{ device: '/dev/sda', reads: 1, writes: 2, readBytes: 512, writtenBytes: 1024 }],
}
const way = { bytes: 1, packets: 2, errors: 3, dropped: 4 }
const usage: RuntimeUsage = {
  steadyMs: 0,
  containers: [
    { ...consumed, counts },
    { ...consumed, id: 'unknown', container: 'd' },
  ],
  networks: [
    {
      ...{ pod, sandboxId: 's', image: 'pause' },
      interfaces: [{ name: 'eth0', received: way, sent: { ...way, dropped: 5 } }],
    },
  ],
}
const text = cadvisorText(usage, { cpus: 2, memoryBytes: 1_000 })

test('what containers use is told under cAdvisor’s names', () => {
  const labels = 'container="c",id="/docker/i",image="nginx",name="i",namespace="default",pod="web"'
  for (const line of [
    `container_cpu_usage_seconds_total{${labels}} 2.5`,
    `container_cpu_cfs_throttled_periods_total{${labels}} 4`,
    `container_memory_working_set_bytes{${labels}} 70`,
    `container_memory_rss{${labels}} 60`,
    `container_start_time_seconds{${labels}} 1.5`,
    `container_fs_writes_bytes_total{${labels},device="/dev/sda"} 1024`,
    'machine_cpu_cores{} 2',
  ]) {
    assert.ok(text.split('\n').includes(line), `${line} is not in\n${text}`)
  }
})

test('traffic is a pod’s, and no container’s', () => {
  const labels = 'image="pause",interface="eth0",name="s",namespace="default",pod="web"'
  assert.ok(text.includes(`container_network_receive_bytes_total{${labels}} 1\n`))
  assert.ok(text.includes(`container_network_transmit_packets_dropped_total{${labels}} 5\n`))
})

test('a container whose counts could not be read is left out', () => {
  assert.ok(!text.includes('unknown'))
})
