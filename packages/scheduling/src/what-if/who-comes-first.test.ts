import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Pod } from '@reckon/kubernetes'
import { node } from '../plugins/scenario.fixture.ts'
import {
  asking,
  cpus,
  decided,
  fromBegin,
  logOf,
  named,
  now,
  ownedBy,
  statusSet,
  supposing,
} from './supposing.fixture.ts'

test('of equally important ones the oldest comes first, whatever it is called', () => {
  const born = (name: string, creationTimestamp?: string): Pod => {
    const made = asking('5')
    const metadata = { ...made.metadata, name, ...(creationTimestamp && { creationTimestamp }) }
    return { ...made, metadata }
  }
  const second = (at: number) => `2026-11-26T10:00:0${at}Z`
  const pods = [born('a', second(3)), born('b', second(1)), born('c', second(2))]
  const { log } = logOf(pods)
  const roomFor = (count: number) =>
    Array.from({ length: count }, (_, n) => ({
      ...{ suppose: 'NodeAdded', node: node(`new-${n}`, cpus('6')) },
    })) as { suppose: 'NodeAdded'; node: ReturnType<typeof node> }[]
  const placed = (count: number) =>
    named(supposing(log, roomFor(count)).schedulable)
      .map(([name]) => name)
      .sort()
  assert.deepEqual(placed(1), ['b'])
  assert.deepEqual(placed(2), ['b', 'c'])
  log.addPod(born('d'))
  assert.deepEqual(placed(1), ['d'], 'who does not say when it came was there before')
})

test('the more important come first, though they drive nobody away', () => {
  const never = { preemptionPolicy: 'Never' } as const
  const [low, high, higher] = [
    asking('5', never),
    asking('5', { ...never, priority: 5 }),
    asking('5', { ...never, priority: 7 }),
  ]
  const { log } = logOf([low, high, higher])
  const placed = (count: number) => {
    const added = Array.from({ length: count }, (_, n) => node(`new-${n}`, cpus('6')))
    const suppositions = added.map((each) => ({ suppose: 'NodeAdded', node: each }) as const)
    return supposing(log, suppositions)
      .waiting.map(({ pod: name }) => name.slice('default/'.length))
      .sort()
  }
  assert.deepEqual(placed(1), [low.metadata.name, high.metadata.name].sort())
  assert.deepEqual(placed(2), [low.metadata.name])
})

test('who needs another pod beside it is placed once that one is', () => {
  const beside = {
    labelSelector: { matchLabels: { app: 'db' } },
    topologyKey: 'kubernetes.io/hostname',
  }
  const podAffinity = { requiredDuringSchedulingIgnoredDuringExecution: [beside] }
  const { log } = logOf([])
  const follower = log.addPod(asking('1', { priority: 1, affinity: { podAffinity } }))
  const leader = log.addPod(asking('1', { labels: { app: 'db' } }))
  const { schedulable } = supposing(log, [{ suppose: 'NodeAdded', node: node('c', cpus('8')) }])
  const where = new Map(named(schedulable).map(([name, , after]) => [name, after]))
  assert.equal(where.size, 2)
  assert.equal(where.get(follower.metadata.name), where.get(leader.metadata.name))
})

test('each of many that are alike says why it waits', () => {
  const { log } = logOf([asking('6'), asking('6'), asking('6')])
  const { waiting } = supposing(log, [{ suppose: 'NodeAdded', node: node('c') }])
  const messages = new Set(waiting.map(({ message }) => message))
  assert.equal(waiting.length, 3)
  assert.equal(messages.size, 1)
  assert.match([...messages][0] ?? '', /^0\/3 nodes are available: 3 Insufficient cpu\./)
})

test('who has to leave goes where there is room for it, in the same moment', () => {
  const low = ownedBy('set', asking('3'))
  const { log } = logOf([low], [node('a', cpus('4'))])
  log.addNode(node('b', cpus('3')))
  const urgent = asking('4', { priority: 10 })
  const report = supposing(log, [{ suppose: 'Applied', object: urgent }])
  assert.deepEqual(named(report.added), [[urgent.metadata.name, undefined, 'a']])
  assert.deepEqual(named(report.elsewhere), [[low.metadata.name, 'a', 'b']])
})

test('who had to leave takes a place that comes free before those who come later', () => {
  const [low, high, other] = [
    ownedBy('set', asking('3')),
    asking('3', { priority: 1 }),
    asking('3'),
  ]
  const { log, placed } = logOf([low, high])
  const span = now(log)
  log.deletePod(high)
  decided(log, other)
  const urgent = asking('4', { priority: 10 })
  const report = supposing(log, [{ suppose: 'Applied', object: urgent }], span)
  assert.deepEqual(named(report.elsewhere), [[low.metadata.name, ...placed]])
  assert.deepEqual(named(report.unschedulable), [[other.metadata.name, placed[1], undefined]])
})

test('who is gone by what is supposed does not come back with what is told of it in truth', () => {
  const bare = asking('3')
  const { log } = logOf([bare], [node('a')])
  const span = now(log)
  statusSet(log, bare, { phase: 'Running' })
  const report = supposing(
    log,
    [{ suppose: 'Applied', object: asking('4', { priority: 10 }) }],
    span,
  )
  assert.deepEqual(report.removed, [`default/${bare.metadata.name}`])
  assert.deepEqual(report.nodes.a?.after?.cpu, { requested: 4000, allocatable: 4000 })
})

test('who left in truth as well, and by what is supposed only earlier, is not told about', () => {
  const [low, high] = [ownedBy('set', asking('3')), asking('4', { priority: 10 })]
  const { log } = logOf([low], [node('a')])
  decided(log, high)
  log.deletePod(low)
  log.record(high, log.decide(high))
  const report = supposing(log, [], fromBegin)
  assert.deepEqual([report.decided, report.same, report.unschedulable], [1, 1, []])
})

test('a supposed pod that has to leave for another stays a supposed one', () => {
  const { log } = logOf([], [node('a')])
  const [low, high] = [ownedBy('set', asking('3')), asking('4', { priority: 10 })]
  const report = supposing(log, [
    { suppose: 'Applied', object: low },
    { suppose: 'Applied', object: high },
  ])
  const added = named(report.added)
  assert.deepEqual(report.unschedulable, [])
  assert.ok(added.some(([name, , after]) => name === high.metadata.name && after === 'a'))
})

test('a node that is kept for a pod is kept no longer once that pod has gone', () => {
  const [low, other] = [asking('3'), asking('3')]
  const urgent = asking('4', { priority: 10 })
  const { log } = logOf([low], [node('a')])
  const span = now(log)
  log.addPod(urgent)
  statusSet(log, urgent, { nominatedNodeName: 'a' })
  log.deletePod(urgent)
  log.deletePod(low)
  decided(log, other)
  assert.equal(supposing(log, [], span).same, 1)
})

test('a node that is kept for a more important pod is not given to one that comes before it is tried again', () => {
  const low = asking('3', { preemptionPolicy: 'Never' })
  const { log } = logOf([], [node('a')])
  const urgent = log.addPod(asking('4', { priority: 10 }))
  statusSet(log, urgent, { nominatedNodeName: 'a' })
  log.cluster.nominate({ ...urgent, status: { nominatedNodeName: 'a' } }, 'a')
  decided(log, low)
  const report = supposing(log, [], fromBegin)
  assert.deepEqual(named(report.schedulable), [[urgent.metadata.name, undefined, 'a']])
  assert.deepEqual(named(report.waiting), [[low.metadata.name, undefined, undefined]])
})
