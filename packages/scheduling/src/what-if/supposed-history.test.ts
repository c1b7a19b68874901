import assert from 'node:assert/strict'
import { test } from 'node:test'
import { node, pod } from '../plugins/scenario.fixture.ts'
import { readConfiguration } from '../policy/configuration.ts'
import {
  asking,
  cpus,
  decided,
  fromBegin,
  logOf,
  named,
  now,
  statusSet,
  streamOf,
  supposing,
} from './supposing.fixture.ts'

test('what happened after the span is left out', () => {
  const { log } = logOf([asking('1')])
  const to = { position: log.position }
  decided(log, asking('1'))
  const report = supposing(log, [], { ...fromBegin, to })
  assert.deepEqual(
    [report.decided, report.utilisation.before.cpu.requested, report.utilisation.before.pods],
    [1, 1000, { requested: 1, allocatable: 220 }],
  )
})

test('each decision is made anew in the state that its scheduler saw, however late it was recorded', () => {
  const { log } = logOf([], [node('a', cpus('4'))])
  const one = log.addPod(asking('1'))
  const decision = log.decide(one)
  log.addNode(node('b', cpus('8')))
  log.record(one, decision)
  const { same, elsewhere } = supposing(log, [], fromBegin)
  assert.deepEqual([same, elsewhere], [1, []])
})

test('in a log longer than what is read ahead each is decided at its moment, too', () => {
  const { log } = logOf([asking('1')], [node('a', cpus('4'))])
  for (let n = 0; n < 20_000; n++) log.append('notes', 'NoteRecorded', {})
  log.addNode(node('b', cpus('8')))
  decided(log, asking('1'))
  const { decided: count, same } = supposing(log, [], fromBegin)
  assert.deepEqual([count, same], [2, 2])
})

test('who is placed stays there, whatever is told of it later', () => {
  const one = asking('3')
  const { log } = logOf([], [node('a'), node('b')])
  decided(log, one)
  statusSet(log, one, { phase: 'Running' })
  const report = supposing(log, [], fromBegin)
  assert.deepEqual([report.same, report.elsewhere, report.waiting], [1, [], []])
  assert.equal(report.utilisation.after.cpu.requested, 3000)
})

test('who stood there before is as it was: it changes, and makes room when it has ended', () => {
  const standing = asking('3')
  const { log } = logOf([standing], [node('a')])
  const span = now(log)
  statusSet(log, standing, { phase: 'Running' })
  const late = log.addPod(asking('3'))
  log.record(late, log.decide(late))
  assert.equal(supposing(log, [], span).decided, 1)
  statusSet(log, standing, { phase: 'Succeeded' })
  log.cluster.removePod(standing.metadata.uid ?? '')
  log.record(late, log.decide(late))
  const report = supposing(log, [], span)
  assert.deepEqual([report.decided, report.same], [1, 1])
})

test('what is decided anew and ends before the history does is counted all the same', () => {
  const { log } = logOf([], [node('a')])
  const [ended, gone] = [asking('1'), asking('1')]
  for (const each of [ended, gone]) decided(log, each)
  statusSet(log, ended, { phase: 'Failed' })
  log.deletePod(gone)
  const report = supposing(log, [], fromBegin)
  assert.deepEqual([report.decided, report.same, report.utilisation.after.cpu.requested], [2, 2, 0])
})

test('who is deleted while it waits finds no place afterwards', () => {
  const large = asking('6')
  const { log } = logOf([large])
  log.deletePod(large)
  log.addNode(node('c', cpus('8')))
  decided(log, asking('6'))
  const { schedulable, same, waiting } = supposing(log, [], fromBegin)
  assert.deepEqual([schedulable, same], [[], 1])
  assert.deepEqual(named(waiting), [[large.metadata.name, undefined, undefined]])
})

test('whom others bind, when it is made or later, nobody decides about', () => {
  const { log } = logOf([], [node('a')])
  log.addPod(asking('1', { nodeName: 'a' }))
  const own = log.addPod(asking('1'))
  const patch = [{ op: 'add', path: '/spec/nodeName', value: 'a' }]
  log.append(streamOf(own), 'PodScheduled', { patch })
  const report = supposing(log, [{ suppose: 'NodeAdded', node: node('b') }], fromBegin)
  assert.equal(report.decided, 0)
  assert.deepEqual(report.nodes.a?.after?.cpu, { requested: 2000, allocatable: 4000 })
})

test('a pod whose gate is lifted is placed from then on', () => {
  const gated = pod({ schedulingGates: [{ name: 'quota' }] })
  const { log } = logOf([], [node('a')])
  log.addPod(gated)
  const patch = [{ op: 'remove', path: '/spec/schedulingGates' }]
  log.append(streamOf(gated), 'PodChanged', { patch })
  assert.deepEqual(named(supposing(log, [], fromBegin).schedulable), [
    [gated.metadata.name, undefined, 'a'],
  ])
})

test('who found a place by what is supposed keeps it when it changes, and who comes after finds it taken', () => {
  const [first, second] = [asking('6'), asking('6')]
  const { log } = logOf([first])
  const span = now(log)
  statusSet(log, first, { conditions: [] })
  decided(log, second)
  const added = { suppose: 'NodeAdded', node: node('c', cpus('8')) } as const
  const { schedulable, waiting } = supposing(log, [added], span)
  assert.deepEqual(named(schedulable), [[first.metadata.name, undefined, 'c']])
  assert.deepEqual(named(waiting), [[second.metadata.name, undefined, undefined]])
})

test('who lost its place takes the next that comes free, before those who come later, and as often as it takes', () => {
  const [one, two, three] = [asking('3'), asking('3'), asking('3')]
  const { log, placed } = logOf([one, two])
  const [kept = '', lost = ''] = placed
  const removed = [{ suppose: 'NodeRemoved', name: lost }] as const
  // That something happens on a node is no room yet.
  log.append(`nodes-/${kept}`, 'NodeChanged', {
    patch: [{ op: 'add', path: '/metadata/annotations', value: { seen: 'yes' } }],
  })
  log.deletePod(one)
  assert.equal(decided(log, three), kept)
  const report = supposing(log, removed, fromBegin)
  assert.deepEqual(named(report.elsewhere), [[two.metadata.name, lost, kept]])
  assert.deepEqual(named(report.unschedulable), [[three.metadata.name, kept, undefined]])
  assert.deepEqual([report.decided, report.same], [3, 1])
})

test('who waited in truth, too, is tried when it was tried then, and not before', () => {
  const [waiting, second] = [asking('6'), asking('6')]
  const { log } = logOf([waiting])
  log.addNode(node('c', cpus('8')))
  assert.equal(decided(log, second), 'c')
  const report = supposing(log, [], fromBegin)
  assert.deepEqual([report.same, report.unschedulable], [1, []])
  assert.deepEqual(named(report.waiting), [[waiting.metadata.name, undefined, undefined]])
})

test('room that is supposed from a moment on goes to who waits then', () => {
  const [waiting, second] = [asking('6'), asking('6')]
  const { log } = logOf([waiting])
  const span = now(log)
  decided(log, second)
  const added = { suppose: 'NodeAdded', node: node('c', cpus('8')) } as const
  assert.deepEqual(named(supposing(log, [added], span).schedulable), [
    [waiting.metadata.name, undefined, 'c'],
  ])
})

test('the scheduler of a configuration on record places those that name it', () => {
  const { log } = logOf([], [node('a')])
  const configuration = readConfiguration({
    apiVersion: 'kubescheduler.config.k8s.io/v1',
    kind: 'KubeSchedulerConfiguration',
    profiles: [{ schedulerName: 'mine' }],
  })
  log.append('policies-scheduler', 'SchedulerConfigured', { configuration, digest: '' })
  const own = log.addPod(pod({ schedulerName: 'mine' }))
  assert.deepEqual(named(supposing(log, []).schedulable), [[own.metadata.name, undefined, 'a']])
})

test('what was supposed is supposed once, and a supposition that held has no note', () => {
  const one = asking('1')
  const { log } = logOf([one])
  const report = supposing(log, [{ suppose: 'NodeRemoved', name: 'a' }], {
    from: { position: log.position },
  })
  assert.deepEqual(report.notes, [])
  assert.ok(report.removed.length <= 1)
  assert.deepEqual(report.nodes.a?.after, undefined)
  assert.deepEqual(Object.keys(report.nodes.a ?? {}), ['before'])
  const more = supposing(log, [{ suppose: 'NodeAdded', node: node('c') }])
  assert.deepEqual(Object.keys(more.nodes.c ?? {}), ['after'])
})
