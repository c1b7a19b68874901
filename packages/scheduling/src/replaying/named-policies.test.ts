import assert from 'node:assert/strict'
import { test } from 'node:test'
import { node, pod } from '../plugins/scenario.fixture.ts'
import { readConfiguration, type SchedulerConfiguration } from '../policy/configuration.ts'
import { policiesOf } from '../policy/policies.ts'
import { DecidedLog } from './decided-log.fixture.ts'
import { Replay } from './replay.ts'

const configured = (schedulerName: string, weight: number) =>
  readConfiguration({
    apiVersion: 'kubescheduler.config.k8s.io/v1',
    kind: 'KubeSchedulerConfiguration',
    profiles: [
      { schedulerName, plugins: { score: { enabled: [{ name: 'NodeAffinity', weight }] } } },
    ],
  })

function replayed(log: DecidedLog, configuration?: SchedulerConfiguration) {
  const replay = new Replay(configuration && { configuration })
  for (const event of log.events) replay.add(event)
  const { decisions, divergences, unverifiable } = replay.end()
  return [decisions, divergences, unverifiable.map(({ why }) => why.replace(/@.*/, '@…'))]
}

/** A pod that prefers fast disks is placed by this configuration, which is on record, and by none that came after. */
function logConfigured(configuration: SchedulerConfiguration, schedulerName: string): DecidedLog {
  const log = new DecidedLog()
  log.addNode(node('a', { labels: { disk: 'fast' } }))
  log.addNode(node('b'))
  const preference = { matchExpressions: [{ key: 'disk', operator: 'In', values: ['fast'] }] }
  const preferredDuringSchedulingIgnoredDuringExecution = [{ weight: 1, preference }]
  const nodeAffinity = { preferredDuringSchedulingIgnoredDuringExecution }
  const record = (data: object) => log.append('policies-scheduler', 'SchedulerConfigured', data)
  record({ configuration, digest: '' })
  const each = log.addPod(pod({ schedulerName, affinity: { nodeAffinity } }))
  const decided = log.decide(each, {}, policiesOf(configuration).get(schedulerName))
  record({ configuration: null, digest: '' })
  log.record(each, decided)
  return log
}

test('a decision is computed by the configuration that it names, whatever holds by then', () => {
  assert.deepEqual(replayed(logConfigured(configured('mine', 5), 'mine')), [1, 0, []])
})

test('of a configuration that is tried the profile of the same scheduler decides', () => {
  const log = logConfigured(configured('mine', 5), 'mine')
  assert.deepEqual(replayed(log, configured('mine', 5)), [1, 0, []])
  assert.deepEqual(replayed(log, configured('mine', 7)), [1, 1, []])
  assert.deepEqual(replayed(log, configured('default-scheduler', 5)), [
    0,
    0,
    ['nobody knows the policy mine@…'],
  ])
})
