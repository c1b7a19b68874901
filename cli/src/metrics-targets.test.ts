import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ProcessSpec } from '@reckon/supervisor/reading'
import { scrapedProcesses, targetsOf } from './metrics-targets.ts'

const spec = (name: string, over: Partial<ProcessSpec> = {}): ProcessSpec => ({
  ...{ name, command: '', args: [], env: {}, stopTimeoutMs: 0 },
  healthSocket: `/run/${name}.sock`,
  ...over,
})

test('each process of ours but the api is found under the job that upstream’s rules ask for', () => {
  const { healthSocket: _none, ...foreign } = spec('nats')
  const specs = [
    ...[foreign, spec('event-store'), spec('api'), spec('scheduler')],
    spec('scheduler-2', { replicaOf: 'scheduler' }),
    ...[spec('api-2', { replicaOf: 'api' }), spec('agent-node-1')],
  ]
  const found = scrapedProcesses(specs)
  assert.deepEqual(
    found.map(({ name, job }) => [name, job]),
    [
      ['event-store', 'eventstore'],
      ['scheduler', 'kube-scheduler'],
      ['scheduler-2', 'kube-scheduler'],
      ['agent-node-1', 'reckon'],
    ],
  )
  assert.deepEqual(targetsOf(found, '127.0.0.1:9190')[2], {
    targets: ['127.0.0.1:9190'],
    labels: {
      ...{ job: 'kube-scheduler', instance: 'scheduler-2' },
      __metrics_path__: '/scheduler-2/metrics',
    },
  })
})
