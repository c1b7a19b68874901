import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Decision } from '@reckon/domain'
import type { Pod } from '@reckon/kubernetes'
import { node, pod } from '../plugins/scenario.fixture.ts'
import { ClusterState } from '../state/cluster-state.ts'
import { AssumedPlacements } from './assumed-placements.ts'
import { DecidedLog } from './decided-log.fixture.ts'
import { FedObjects } from './fed-objects.ts'
import { Replay } from './replay.ts'

const refused = (log: DecidedLog, number: number, more: object) =>
  log.append('schedulerterm', 'PlacementRefused', { term: 1, number, ...more })

function replayed(log: DecidedLog) {
  const replay = new Replay()
  for (const event of log.events) replay.add(event)
  const { decisions, divergences, unverifiable } = replay.end()
  return [decisions, divergences, unverifiable.map(({ why }) => why)]
}

const single = (name: string) => node(name, { allocatable: { pods: '1' } })

test('a node that was kept for a pod by a decision not seen yet is kept for it, and for that decision alone', () => {
  const log = new DecidedLog()
  log.addNode(single('a'))
  const [low, high, late] = [pod(), pod({ priority: 10 }), pod()]
  log.addPod(low)
  log.record(low, log.decide(low))
  for (const each of [high, late]) log.addPod(each)
  const view = { position: String(log.position), eventId: '' }
  const failed = log.decide(high, { view })
  log.cluster.nominate(high, 'a')
  const relying = log.decide(late, { view, assumed: [2] })
  log.record(high, failed)
  log.record(late, relying)
  log.cluster.nominate(high, undefined)
  log.record(late, log.decide(late))
  assert.deepEqual(replayed(log), [4, 0, []])
})

test('a node that was kept for a pod in vain counts for who relied on it', () => {
  const log = new DecidedLog()
  log.addNode(single('a'))
  const [high, late] = [log.addPod(pod({ priority: 10 })), log.addPod(pod())]
  log.decide(high)
  log.cluster.nominate(high, 'a')
  const relying = log.decide(late, { assumed: [1] })
  assert.equal(relying.nodeName, undefined)
  refused(log, 1, { podUid: high.metadata.uid, nodeName: 'a', isNomination: true })
  log.record(late, relying)
  assert.deepEqual(replayed(log), [1, 0, []])
})

test('a decision that made room for nobody and kept no node cannot be relied upon', () => {
  const log = new DecidedLog()
  log.addNode(single('a'))
  const [first, large, last] = [pod(), pod(), pod()]
  for (const each of [first, large]) {
    log.addPod(each)
    log.record(each, log.decide(each))
  }
  log.addPod(last)
  log.record(last, log.decide(last, { assumed: [2] }))
  assert.deepEqual(replayed(log), [2, 0, ['it relied on decision 2, of which nothing is recorded']])
})

test('the refused placement of a pod that was made again under its name counts for nobody', () => {
  const log = new DecidedLog()
  log.addNode(single('a'))
  const gone = log.addPod(pod())
  const { nodeName } = log.decide(gone)
  log.deletePod(gone)
  const again: Pod = { ...gone, metadata: { ...gone.metadata, uid: 'another' } }
  log.addPod(again)
  const decided = log.decide(again, { assumed: [1] })
  assert.equal(decided.nodeName, 'a')
  refused(log, 1, { podUid: gone.metadata.uid, nodeName })
  log.record(again, decided)
  assert.deepEqual(replayed(log), [1, 0, []])
})

test('the refused placement of a pod of which nothing is known counts for nobody', () => {
  const log = new DecidedLog()
  log.addNode(single('a'))
  const late = log.addPod(pod())
  refused(log, 9, { podUid: 'nobody', nodeName: 'a' })
  log.record(late, log.decide(late, { assumed: [9] }))
  assert.deepEqual(replayed(log), [1, 0, []])
})

test('a pod that is bound meanwhile stays where it is, though nobody assumes it any more', () => {
  const log = new DecidedLog()
  for (const name of ['a', 'b']) log.addNode(single(name))
  const [first, second, third] = [log.addPod(pod()), log.addPod(pod()), log.addPod(pod())]
  const decided = log.decide(first)
  const view = { position: String(log.position), eventId: '' }
  log.cluster.addPod(first, decided.nodeName ?? assert.fail())
  const relying = log.decide(second, { view, assumed: [1] })
  log.record(first, decided)
  log.record(second, relying)
  log.record(third, log.decide(third))
  assert.deepEqual(replayed(log), [3, 0, []])
})

test('what was assumed of 65,536 placements before is forgotten, and nothing sooner', () => {
  const log = new DecidedLog()
  const cluster = new ClusterState()
  const placements = new AssumedPlacements(new FedObjects(cluster), cluster)
  const relyingOn = (number: number) =>
    placements.assume({ term: 1, assumed: [number] } as unknown as Decision)
  for (let number = 0; number < 65_536; number++) {
    placements.note(refused(log, number, { podUid: 'p', nodeName: 'a' }), undefined)
  }
  assert.equal(relyingOn(0), undefined)
  placements.note(refused(log, 65_536, { podUid: 'p', nodeName: 'a' }), undefined)
  assert.deepEqual([relyingOn(0), relyingOn(1), relyingOn(65_536)], [0, undefined, undefined])
})
