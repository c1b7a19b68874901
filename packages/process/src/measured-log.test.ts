import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { EventLog } from '@reckon/eventing'
import { createMemoryEventLog } from '@reckon/eventing/memory'
import { StatusError } from '@reckon/kubernetes'
import { measuredLog } from './measured-log.ts'
import { createMetrics } from './metrics.ts'
import { systemClock } from './system.ts'

const event = (id: string) => ({
  id,
  type: 'Tested',
  data: {},
  metadata: { actor: { user: 'test' }, verb: 'test', time: '', $correlationId: id },
})

test('appends are measured by their outcome', async () => {
  const metrics = createMetrics()
  const log = measuredLog(createMemoryEventLog(), { clock: systemClock, metrics })
  await log.append('tests-a', 'NoStream', [event('1'), event('2')])
  await log.append('tests-a', 'NoStream', [event('3')])
  const text = await metrics.metrics()
  assert.match(text, /^reckon_appended_events_total 2$/m)
  assert.match(text, /^reckon_append_duration_seconds_count\{result="recorded"\} 1$/m)
  assert.match(text, /^reckon_append_duration_seconds_count\{result="conflict"\} 1$/m)
})

test('an outage is counted once, however often the store was asked meanwhile', async () => {
  const metrics = createMetrics()
  let isAway = false
  const memory = createMemoryEventLog()
  const over = {
    ...memory,
    head: async () => {
      if (isAway) throw new StatusError('ServiceUnavailable', 'away')
      return memory.head()
    },
  }
  const log = measuredLog(over, { clock: systemClock, metrics })
  const count = async () =>
    /^reckon_event_store_outages_total (\d+)$/m.exec(await metrics.metrics())?.[1]
  await log.head()
  assert.equal(await count(), '0')
  isAway = true
  for (const _ of [1, 2, 3]) await assert.rejects(log.head())
  assert.equal(await count(), '1')
  assert.match(await metrics.metrics(), /^reckon_event_store_away 1$/m)
  isAway = false
  await log.head()
  assert.match(await metrics.metrics(), /^reckon_event_store_away 0$/m)
  isAway = true
  await assert.rejects(log.head())
  assert.equal(await count(), '2')
})

test('a log whose methods are those of its class is whole when it is measured', async () => {
  const ofClass = Object.create(createMemoryEventLog()) as EventLog
  const log = measuredLog(ofClass, { clock: systemClock, metrics: createMetrics() })
  await log.append('tests-a', 'NoStream', [event('1')])
  const [read] = await Array.fromAsync(log.readAll())
  assert.equal(read?.id, '1')
  await log.close()
})
