import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DecidedLog } from '../replaying/decided-log.fixture.ts'
import { readConfiguration } from './configuration.ts'
import { digestOf, policiesOf } from './policies.ts'
import { RecordedPolicies } from './recorded-policies.ts'

const configuration = readConfiguration({
  apiVersion: 'kubescheduler.config.k8s.io/v1',
  kind: 'KubeSchedulerConfiguration',
  profiles: [{ schedulerName: 'mine' }],
})

test('the last configuration holds, after a snapshot as well, until there is none again', () => {
  const log = new DecidedLog()
  const policies = new RecordedPolicies()
  let changes = 0
  policies.subscribe(() => {
    changes += 1
  })
  const configure = (data: object) =>
    policies.apply(log.append('policies-scheduler', 'SchedulerConfigured', data))
  assert.deepEqual([...policies.current.keys()], ['default-scheduler'])
  configure({ configuration, digest: digestOf(configuration) })
  assert.deepEqual([...policies.current.keys()], ['mine'])

  const restored = new RecordedPolicies()
  for (const record of policies.snapshot()) restored.restore(JSON.parse(JSON.stringify(record)))
  assert.equal(restored.position, policies.position)
  const name = policiesOf(configuration).get('mine')?.name
  assert.deepEqual(restored.current.get('mine')?.name, name)

  configure({ configuration: null, digest: '' })
  assert.deepEqual([[...policies.current.keys()], changes], [['default-scheduler'], 2])
})

test('what happens elsewhere is only how far it is, and who listens no more hears nothing', () => {
  const log = new DecidedLog()
  const policies = new RecordedPolicies()
  let changes = 0
  const stop = policies.subscribe(() => {
    changes += 1
  })
  assert.deepEqual([policies.position, [...policies.snapshot()]], [undefined, [null, null]])
  const other = log.append('nodes-/a', 'NodeCreated', {})
  policies.apply(other)
  assert.deepEqual([policies.position, changes], [other.position, 0])
  const digest = digestOf(configuration)
  policies.apply(log.append('policies-scheduler', 'SchedulerConfigured', { configuration, digest }))
  stop()
  policies.apply(log.append('policies-scheduler', 'SchedulerConfigured', { configuration, digest }))
  assert.equal(changes, 1)
  const restored = new RecordedPolicies()
  for (const record of [null, null]) restored.restore(record)
  assert.deepEqual(
    [restored.position, [...restored.current.keys()]],
    [undefined, ['default-scheduler']],
  )
})

test('of other streams it needs nothing, and all of its own', () => {
  const log = new DecidedLog()
  const policies = new RecordedPolicies()
  const configured = log.append('policies-scheduler', 'SchedulerConfigured', {})
  assert.equal(policies.supersedes(configured), false)
  assert.equal(policies.supersedes(log.append('pods-n/web', 'PodDeleted', {})), true)
})
