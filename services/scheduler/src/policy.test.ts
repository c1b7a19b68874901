import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type ObjectChanged, type SchedulerConfigured, schedulerStream } from '@reckon/domain'
import type { RecordedEvent } from '@reckon/eventing'
import { systemIds } from '@reckon/process'
import { digestOf, Replay, readConfiguration } from '@reckon/scheduling'
import { startedCluster } from './cluster.fixture.ts'
import { scheduleTerm } from './schedule-term.ts'

const metadata = { actor: { user: 'ada' }, verb: 'update', time: '', $correlationId: 'x' }

/** The profile of one scheduler's name that puts pods together, or by this weight apart. */
const packing = (schedulerName: string, weight: number) =>
  readConfiguration({
    apiVersion: 'kubescheduler.config.k8s.io/v1',
    kind: 'KubeSchedulerConfiguration',
    profiles: [
      {
        schedulerName,
        plugins: {
          multiPoint: { enabled: [{ name: 'NodeResourcesFit', weight }] },
          score: { disabled: [{ name: 'NodeResourcesBalancedAllocation' }] },
        },
        pluginConfig: [
          { name: 'NodeResourcesFit', args: { scoringStrategy: { type: 'MostAllocated' } } },
        ],
      },
    ],
  })

const recordOf = (configuration: SchedulerConfigured['configuration'], digest: string) => ({
  id: systemIds.next(),
  type: 'SchedulerConfigured',
  data: { configuration, digest },
  metadata,
})

function replayed(events: readonly RecordedEvent[]) {
  const replay = new Replay()
  for (const event of events) replay.add(event)
  return replay.end()
}

const policyIn = ({ data }: RecordedEvent) => (data as ObjectChanged).decision?.policy

test('a policy that changes while pods are placed holds from then on, and replay goes by the one of then', async (t) => {
  const cluster = await startedCluster(t)
  await cluster.node('a')
  await cluster.node('b')
  cluster.start((signal) => scheduleTerm(cluster.ports, 1, signal))
  const placed = (name: string) =>
    cluster.until(`${name} is placed`, () => cluster.nodeOfPod(name) !== undefined)
  for (const name of ['one', 'two']) {
    await cluster.pod(name)
    await placed(name)
  }
  assert.notEqual(cluster.nodeOfPod('one'), cluster.nodeOfPod('two'), 'they are kept apart')
  await cluster.pod('large', '1')
  await placed('large')

  const configuration = packing('default-scheduler', 2)
  const digest = digestOf(configuration)
  await cluster.log.append(schedulerStream, 'NoStream', [recordOf(configuration, digest)])
  for (const name of ['three', 'four']) {
    await cluster.pod(name)
    await placed(name)
    assert.equal(cluster.nodeOfPod(name), cluster.nodeOfPod('large'), 'they are put together')
  }

  const elsewhere = packing('other', 2)
  await cluster.log.append(schedulerStream, 'Any', [recordOf(elsewhere, digestOf(elsewhere))])
  await cluster.pod('five')
  await cluster.log.append(schedulerStream, 'Any', [recordOf(null, '')])
  await placed('five')

  const scheduled = await cluster.events('PodScheduled')
  const name = `default-scheduler@${digest}`
  assert.deepEqual(scheduled.map(policyIn), [
    ...['default', 'default', 'default'],
    ...[name, name],
    'default',
  ])
  const events = await Array.fromAsync(cluster.log.readAll())
  const report = replayed(events)
  assert.deepEqual([report.decisions, report.divergences, report.unverifiable], [6, 0, []])

  const changed = { ...packing('default-scheduler', 1) }
  const otherwise = events.map((event) =>
    event.stream === schedulerStream && event.type === 'SchedulerConfigured'
      ? { ...event, data: { configuration: changed, digest } }
      : event,
  )
  const unknown = replayed(otherwise)
  assert.match(unknown.unverifiable[0]?.why ?? '', /nobody knows the policy default-scheduler@/)
})
