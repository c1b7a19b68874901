import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Decision } from '@reckon/domain'
import type { Pod } from '@reckon/kubernetes'
import { node, pod } from '../plugins/scenario.fixture.ts'
import { readConfiguration } from '../policy/configuration.ts'
import { DecidedLog } from './decided-log.fixture.ts'
import { formatReplay } from './format-replay.ts'
import type { RecordedEvent } from './recorded-decision.ts'
import { Replay, type ReplayReport } from './replay.ts'

/** So many events are read ahead of the state, twice. */
const farAhead = 20_000

function replayed(events: readonly RecordedEvent[], span = {}): ReplayReport {
  const replay = new Replay(span)
  for (const event of events) replay.add(event)
  return replay.end()
}

const single = () => node('a', { allocatable: { pods: '1' } })
const whyOf = (report: ReplayReport) => report.unverifiable.map(({ why }) => why)

/** A log with this many nodes and pods, each pod decided about once it is there. */
function decidedLog({ nodes = 2, podNames = ['p', 'q', 'r'] } = {}) {
  const log = new DecidedLog()
  for (let n = 0; n < nodes; n++) log.addNode(node(`n-${n}`, { allocatable: { pods: '1' } }))
  const decisions = podNames.map(() => {
    const each = log.addPod(pod())
    return log.record(each, log.decide(each))
  })
  return { log, decisions }
}

/** The log with another decision in one of its events. */
const retold = (log: DecidedLog, at: RecordedEvent, change: Partial<Decision>): RecordedEvent[] =>
  log.events.map((event) => {
    if (event !== at) return event
    const data = event.data as { decision: Decision }
    return { ...event, data: { ...data, decision: { ...data.decision, ...change } } }
  })

test('what is computed again as it was recorded diverges nowhere: who was placed, and who was not', () => {
  const { log } = decidedLog()
  const types = log.events.map(({ type }) => type)
  assert.deepEqual(types.slice(-3), ['PodScheduled', 'PodCreated', 'PodSchedulingFailed'])
  const report = replayed(log.events)
  assert.deepEqual(
    [report.decisions, report.divergences, report.otherVersions, report.unverifiable],
    [3, 0, 0, []],
  )
  assert.equal(report.firstDivergence, undefined)
  assert.equal(formatReplay(report), `3 decisions, 0 divergences, digest ${report.digest}\n`)
})

test('more nodes than a table has room for are compared by their digest', () => {
  const { log } = decidedLog({ nodes: 101 })
  const report = replayed(log.events)
  assert.deepEqual([report.decisions, report.divergences], [3, 0])
})

test('equal outcomes have equal digests, others have others', () => {
  const { log } = decidedLog()
  assert.equal(replayed(log.events).digest, replayed(log.events).digest)
  const shorter = replayed(log.events.slice(0, -1))
  assert.notEqual(shorter.digest, replayed(log.events).digest)
  assert.match(shorter.digest, /^[0-9a-f]{8}$/)
})

test('the first decision that comes out otherwise is told with what was recorded', () => {
  const { log, decisions } = decidedLog()
  const [, second, third] = decisions
  assert.ok(second && third)
  const message = 'elsewhere'
  const report = replayed(retold(log, second, { message }))
  assert.deepEqual([report.decisions, report.divergences], [3, 1])
  const { firstDivergence: first } = report
  assert.deepEqual([first?.number, first?.position], [2, String(second.position)])
  assert.deepEqual({ ...first?.recorded, message: '' }, { ...first?.recomputed, message: '' })
  assert.equal(first?.recorded.message, message)
  const text = formatReplay(report)
  assert.match(text, /^3 decisions, 1 divergence, digest [0-9a-f]{8}$/m)
  assert.match(text, /^First divergence: default\/pod-\d+, term 1, decision 2 at \d+$/m)
  assert.match(text, /^ {2}message\n {4}recorded {4}"elsewhere"\n {4}recomputed {2}"Succ/m)
  assert.ok(!text.includes('  tie'))
  const twice = { ...log, events: retold(log, second, { message }) } as DecidedLog
  const at = twice.events.find(({ id }) => id === third.id) ?? assert.fail()
  const both = replayed(retold(twice, at, { message }))
  assert.deepEqual([both.divergences, both.firstDivergence?.number], [2, 2])
})

test('a tie that was not recorded comes out as nothing against what it is', () => {
  const { log, decisions } = decidedLog()
  const [first] = decisions
  assert.ok(first)
  const { tie: _, ...rest } = (first.data as { decision: Decision }).decision
  const events = log.events.map((event) =>
    event === first ? { ...event, data: { ...(event.data as object), decision: rest } } : event,
  )
  assert.match(formatReplay(replayed(events)), / {2}tie\n {4}recorded {4}nothing\n/)
})

test('a span asks for the decisions that were recorded there, both ends included', () => {
  const { log, decisions } = decidedLog()
  const [first, second, third] = decisions.map(({ position }) => position)
  assert.ok(first && second && third)
  const counted = (span: object) => replayed(log.events, span).decisions
  const at = (position: bigint) => ({ position })
  assert.equal(counted({ from: at(second) }), 2)
  assert.equal(counted({ to: at(second) }), 2)
  assert.equal(counted({ from: at(second), to: at(second) }), 1)
  assert.equal(counted({ from: at(third + 1n) }), 0)
})

test('a span is named by times as well', () => {
  const { log, decisions } = decidedLog()
  const [, second] = decisions
  const events = log.events.map((event) => ({
    ...event,
    metadata: {
      ...{ actor: { user: 'x' }, verb: 'create', $correlationId: '' },
      time: new Date(Number(event.position)).toISOString(),
    },
  }))
  const timeMs = Number(second?.position)
  assert.equal(replayed(events, { from: { timeMs } }).decisions, 2)
  assert.equal(replayed(events, { from: { timeMs }, to: { timeMs } }).decisions, 1)
})

test('what another version of the algorithm decided is counted and not compared', () => {
  const { log, decisions } = decidedLog()
  const [first, second] = decisions
  assert.ok(first && second)
  const { decision } = first.data as { decision: Decision }
  const { algorithm: _, ...unversioned } = decision
  const events = retold(log, second, { algorithm: 99, message: 'x' }).map((event) =>
    event === first
      ? { ...first, data: { ...(first.data as object), decision: unversioned } }
      : event,
  )
  const report = replayed(events)
  assert.deepEqual([report.otherVersions, report.decisions, report.divergences], [2, 1, 0])
  assert.match(formatReplay(report), /^2 decided by another version$/m)
})

test('who has to leave a node for a pod is computed again, too', () => {
  const log = new DecidedLog()
  log.addNode(single())
  const low = log.addPod(pod())
  log.record(low, log.decide(low))
  const high = log.addPod(pod({ priority: 10 }))
  const recorded = log.record(high, log.decide(high, { assumed: [1] }))
  const victims = [{ namespace: 'default', name: 'other', uid: 'other' }]
  assert.equal(replayed(log.events).divergences, 0)
  const report = replayed(retold(log, recorded, { nomination: { nodeName: 'a', victims } }))
  assert.equal(report.divergences, 1)
  assert.match(formatReplay(report), / {2}nomination\n {4}recorded {4}.*"other"/)
})

test('decisions of a term that were recorded after the next had begun to decide are counted', () => {
  const log = new DecidedLog()
  log.addNode(node('a'))
  const [first, second, third] = ['p', 'q', 'r'].map(() => log.addPod(pod()))
  assert.ok(first && second && third)
  log.record(first, log.decide(first))
  log.record(second, log.decide(second, { term: 2, number: 1 }))
  assert.equal(replayed(log.events).overlapping, 0)
  log.record(third, log.decide(third))
  const report = replayed(log.events)
  assert.equal(report.overlapping, 1)
  assert.match(formatReplay(report), /^1 recorded after one of a newer term$/m)
})

test('a decision by a policy that nobody knows cannot be computed again', () => {
  const { log, decisions } = decidedLog()
  const [first] = decisions
  assert.ok(first)
  const report = replayed(retold(log, first, { policy: 'other' }))
  assert.deepEqual(whyOf(report), ['nobody knows the policy other'])
  assert.equal(report.decisions, 2)
  assert.match(
    formatReplay(report),
    /^1 unverifiable:\n {2}default\/pod-\d+, term 1, decision 1 at/m,
  )
})

test('a decision about a pod that was not there yet cannot be computed again', () => {
  const { log, decisions } = decidedLog()
  const [, , third] = decisions
  assert.ok(third)
  const report = replayed(retold(log, third, { view: { position: '10', eventId: '' } }))
  assert.deepEqual(whyOf(report), ['its pod was not in what it saw'])
})

test('what a decision saw too long before it was recorded is there no more', () => {
  const { log } = decidedLog({ podNames: [] })
  const late = log.addPod(pod())
  const decided = log.decide(late)
  for (let n = 0; n < farAhead; n++) log.append('notes', 'NoteRecorded', {})
  log.record(late, decided)
  assert.deepEqual(whyOf(replayed(log.events)), ['what it saw lies too far back'])
})

test('however long the log is, each decision is computed in the state that it saw', () => {
  const { log } = decidedLog({ podNames: [] })
  const early = log.addPod(pod())
  log.record(early, log.decide(early))
  for (let n = 0; n < farAhead; n++) log.append('notes', 'NoteRecorded', {})
  const late = log.addPod(pod())
  log.record(late, log.decide(late))
  const report = replayed(log.events)
  assert.deepEqual([report.decisions, report.divergences, whyOf(report)], [2, 0, []])
})

test('no more than ten that cannot be computed again are shown one by one', () => {
  const { log } = decidedLog({ podNames: [] })
  const shown = (count: number) => {
    while (replayed(log.events).unverifiable.length < count) {
      const each = log.addPod(pod())
      log.record(each, log.decide(each, { policy: 'other' }))
    }
    return formatReplay(replayed(log.events)).split('\n')
  }
  assert.equal(shown(10).filter((line) => line.startsWith('  ')).length, 10)
  assert.deepEqual(shown(11).slice(-2), ['  …', ''])
  assert.equal(shown(11).filter((line) => line.startsWith('  default')).length, 10)
})

/** Two pods and two nodes with room for one each: the second is decided before the first is seen to be placed. */
function overlapping(
  become: (log: DecidedLog, first: Pod, decided: ReturnType<DecidedLog['decide']>) => void,
) {
  const log = new DecidedLog()
  log.addNode(single())
  log.addNode(node('b', { allocatable: { pods: '1' } }))
  const [first, second] = [log.addPod(pod()), log.addPod(pod())]
  const decided = log.decide(first)
  const view = { position: String(log.position), eventId: '' }
  log.cluster.addPod(first, decided.nodeName ?? assert.fail())
  const relying = log.decide(second, { assumed: [1], view })
  assert.notEqual(relying.nodeName, decided.nodeName)
  become(log, first, decided)
  log.record(second, relying)
  return { log, first, second }
}

test('a decision that relied on a placement not seen yet is computed with that placement', () => {
  const { log } = overlapping((log, first, decided) => log.record(first, decided))
  const report = replayed(log.events)
  assert.deepEqual([report.decisions, report.divergences, whyOf(report)], [2, 0, []])
})

test('a placement that was refused counts for who relied on it, and for nobody after', () => {
  const { log, first } = overlapping((log, { metadata }, { decision, nodeName }) => {
    const { term, number } = decision
    log.append('schedulerterm', 'PlacementRefused', {
      term,
      number,
      podUid: metadata.uid,
      nodeName,
    })
  })
  log.cluster.removePod(first.metadata.uid ?? '')
  log.record(first, log.decide(first))
  const report = replayed(log.events)
  assert.deepEqual([report.decisions, report.divergences, whyOf(report)], [2, 0, []])
})

test('a decision that relied on one of which nothing is recorded cannot be computed again', () => {
  const { log } = overlapping(() => {})
  assert.deepEqual(whyOf(replayed(log.events)), [
    'it relied on decision 1, of which nothing is recorded',
  ])
})

test('a placement that is seen by now counts once, however much it is relied upon', () => {
  const { log } = overlapping((log, first, decided) => log.record(first, decided))
  log.addNode(node('c', { allocatable: { pods: '2' } }))
  for (let n = 0; n < 2; n++) {
    const each = log.addPod(pod())
    log.record(each, log.decide(each, { assumed: [1, 2] }))
  }
  const report = replayed(log.events)
  assert.deepEqual([report.decisions, report.divergences, whyOf(report)], [4, 0, []])
})

test('a pod that a client placed itself is nobody’s decision', () => {
  const { log } = decidedLog()
  const own = log.addPod(pod())
  const patch = [{ op: 'add', path: '/spec/nodeName', value: 'n-0' }]
  log.append(`pods-default/${own.metadata.name}`, 'PodScheduled', { patch })
  assert.equal(replayed(log.events).decisions, 3)
})

test('a scheduler that began anew has not heard of pods that are gone, and decides the same', () => {
  const labels = { app: 'web' }
  const podAffinityTerm = { labelSelector: { matchLabels: labels }, topologyKey: 'zone' }
  const preferredDuringSchedulingIgnoredDuringExecution = [{ weight: 5, podAffinityTerm }]
  const gone = pod({
    labels,
    affinity: { podAntiAffinity: { preferredDuringSchedulingIgnoredDuringExecution } },
  })
  for (const nodes of [2, 101]) {
    const { log } = decidedLog({ nodes, podNames: [] })
    log.addPod(gone)
    log.record(gone, log.decide(gone))
    log.deletePod(gone)
    const begun = new DecidedLog()
    for (let n = 0; n < nodes; n++) begun.addNode(node(`n-${n}`, { allocatable: { pods: '1' } }))
    const late = log.addPod(pod({ labels }))
    const view = { position: String(log.position), eventId: '' }
    log.record(late, begun.decide(late, { view, number: 2 }))
    const report = replayed(log.events)
    assert.deepEqual([report.decisions, report.divergences, whyOf(report)], [2, 0, []])
  }
})

test('one weight that is another shows the first decision that had come out otherwise, and how', () => {
  const log = new DecidedLog()
  log.addNode(node('a', { labels: { disk: 'ssd' } }))
  log.addNode(node('b'))
  const preference = { matchExpressions: [{ key: 'disk', operator: 'In', values: ['ssd'] }] }
  const preferredDuringSchedulingIgnoredDuringExecution = [{ weight: 1, preference }]
  const wanted = pod({
    affinity: { nodeAffinity: { preferredDuringSchedulingIgnoredDuringExecution } },
  })
  log.record(log.addPod(wanted), log.decide(wanted))
  const configured = (weight: number) =>
    readConfiguration({
      apiVersion: 'kubescheduler.config.k8s.io/v1',
      kind: 'KubeSchedulerConfiguration',
      profiles: [{ plugins: { score: { enabled: [{ name: 'NodeAffinity', weight }] } } }],
    })
  assert.equal(replayed(log.events, { configuration: configured(2) }).divergences, 0)
  const report = replayed(log.events, { configuration: configured(5) })
  assert.equal(report.divergences, 1)
  assert.match(
    formatReplay(report),
    /First divergence: default\/pod-\d+, term 1, decision 1 at 40\n {2}table\n {4}NODE +RECORDED +RECOMPUTED\n {4}a +\d+ \(NodeAffinity 200\) +\d+ \(NodeAffinity 500\)\n$/,
  )
})
