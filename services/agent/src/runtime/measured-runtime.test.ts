import assert from 'node:assert/strict'
import { test } from 'node:test'
import { systemClock as clock, createMetrics, systemIds as ids } from '@reckon/process'
import { createSimulatedRuntime } from '../simulated/simulated-runtime.ts'
import { measuredRuntime } from './measured-runtime.ts'

test('what an engine is asked for is counted under a kubelet’s names, and what fails', async () => {
  const metrics = createMetrics()
  const engine = createSimulatedRuntime({ clock, ids }, { cpus: 1, memoryBytes: 1 })
  const runtime = measuredRuntime({ runtime: engine, clock }, metrics)
  assert.deepEqual(await runtime.list(), [])
  await runtime.list('uid')
  engine.setAway(true)
  await assert.rejects(runtime.pullImage('nginx'))
  const text = await metrics.metrics()
  for (const line of [
    'kubelet_runtime_operations_total{operation_type="list_containers"} 2',
    'kubelet_runtime_operations_errors_total{operation_type="pull_image"} 1',
    'kubelet_runtime_operations_duration_seconds_count{operation_type="pull_image"} 1',
    'kubelet_pleg_relist_duration_seconds_count 2',
    'kubelet_pleg_relist_interval_seconds_count 1',
  ]) {
    assert.ok(text.includes(`${line}\n`), `${line} is not in\n${text}`)
  }
})
