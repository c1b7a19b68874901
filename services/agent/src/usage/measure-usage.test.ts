import assert from 'node:assert/strict'
import { test } from 'node:test'
import { StatusError } from '@reckon/kubernetes'
import { createMetrics } from '@reckon/process'
import type { RuntimeUsage } from '../runtime/runtime-usage.ts'
import { measureUsage } from './measure-usage.ts'

const pod = { uid: 'u', namespace: 'default', name: 'web' }
const usage: RuntimeUsage = {
  steadyMs: 0,
  machine: { cpuSeconds: 9, memoryBytes: 900 },
  containers: [{ id: 'i', pod, container: 'c', startedAtMs: 0, cpuSeconds: 2.5, memoryBytes: 70 }],
}

test('one reading tells all, and a node whose engine is away is left out', async () => {
  const metrics = createMetrics()
  let readings = 0
  const here = {
    name: 'a',
    runtime: {
      async usage() {
        readings++
        return usage
      },
    },
  }
  const away = {
    name: 'b',
    runtime: {
      async usage(): Promise<RuntimeUsage> {
        throw new StatusError('ServiceUnavailable', 'the engine is away')
      },
    },
  }
  measureUsage(metrics, [here, away])
  const text = await metrics.metrics()
  assert.match(text, /^node_cpu_usage_seconds_total\{node="a"\} 9$/m)
  assert.match(text, /^node_memory_working_set_bytes\{node="a"\} 900$/m)
  const labels = 'node="a",namespace="default",pod="web",container="c"'
  assert.ok(text.includes(`container_cpu_usage_seconds_total{${labels}} 2.5\n`), text)
  assert.ok(text.includes(`container_memory_working_set_bytes{${labels}} 70\n`))
  assert.match(text, /^# TYPE node_cpu_usage_seconds_total counter$/m)
  assert.match(text, /^# TYPE node_memory_working_set_bytes gauge$/m)
  assert.ok(!text.includes('node="b"'))
  assert.equal(readings, 1)
  assert.match(await metrics.metrics(), /^node_cpu_usage_seconds_total\{node="a"\} 9$/m)
})
