import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Pod } from '@reckon/kubernetes'
import { pod } from '../plugins/scenario.fixture.ts'
import { Namespaces } from './namespaces.ts'
import { PodSorts } from './pod-sorts.ts'
import type { PodTraits } from './pod-traits.ts'

const sorts = () => new PodSorts(new Namespaces())
const labels = { app: 'web' }
const apart = (): Pod =>
  pod({
    labels,
    affinity: {
      podAntiAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: [
          { topologyKey: 'zone', labelSelector: { matchLabels: labels } },
        ],
      },
    },
  })
const isWeb = ({ labels }: PodTraits) => labels.app === 'web'

test('pods that differ in nothing but their names are one sort', () => {
  const all = sorts()
  assert.equal(all.of(pod({ labels })), all.of(pod({ labels })))
  assert.notEqual(all.of(pod({ labels })), all.of(pod()))
})

test('the node of a pod is its wish until it is bound there', () => {
  const all = sorts()
  const there = pod({ nodeName: 'a' })
  assert.equal(all.of(there).traits.nodeWants.nodeName, 'a')
  assert.equal(all.of(there, { bound: true }), all.of(pod()))
  assert.equal(all.of(there).traits.nodeWants.nodeName, 'a')
})

test('a later state of a pod is of its sort until something of it is another', () => {
  const all = sorts()
  const made = pod({ labels })
  const [waiting, bound] = [all.of(made), { ...made, spec: { ...made.spec, nodeName: 'a' } }]
  assert.equal(all.of(bound, { bound: true }), waiting)
  const { metadata } = bound
  const relabelled = { ...bound, metadata: { ...metadata, labels: { app: 'db' } } }
  assert.notEqual(all.of(relabelled, { bound: true }), waiting)
  assert.equal(all.of(bound, { bound: true }), waiting)
})

test('a counter counts who stands already and who comes, and is the same for all who ask', () => {
  const all = sorts()
  const equal = all.of(pod({ labels }))
  equal.count(3, 1)
  all.of(pod({ labels: { app: 'db' } })).count(3, 1)
  const counter = all.counter('web', isWeb)
  assert.equal(all.counter('web', isWeb), counter)
  assert.equal(counter.at(3), 1)
  equal.count(3, 1)
  all.of(pod({ labels, priority: 1 })).count(4, 1)
  all.of(pod()).count(4, 1)
  assert.deepEqual([counter.at(3), counter.at(4)], [2, 1])
  equal.count(3, -1)
  equal.count(3, -1)
  assert.deepEqual([...counter.counts.keys()], [4])
  const changed = Array.from({ length: counter.changes.version }, (_, n) => counter.changes.at(n))
  assert.deepEqual(changed, [3, 3, 4, 3, 3])
  assert.ok(!equal.slots.has(3))
})

test('a term is held once, by whomever, against the pods that it means', () => {
  const all = sorts()
  const web = all.of(pod({ labels })).traits
  assert.deepEqual(all.termsAgainst(web), [])
  all.of(apart()).count(1, 1)
  all.of({ ...apart(), spec: { ...apart().spec, priority: 1 } }).count(2, 1)
  assert.equal(all.termCount, 1)
  const [held] = all.termsAgainst(web)
  assert.deepEqual([held?.effect, held?.holders.at(1), held?.holders.at(2)], ['forbids', 1, 1])
  assert.equal(all.termsAgainst(web).length, 1)
  assert.deepEqual(all.termsAgainst(all.of(pod()).traits), [])
  assert.deepEqual(all.termsAgainst(all.of(pod({ labels, namespace: 'other' })).traits), [])
})

test('forgetting voids every counter and what no pod needs, and counts again who stands', () => {
  const all = sorts()
  const [standing, gone] = [all.of(apart()), all.of(pod())]
  standing.count(1, 1)
  const counter = all.counter('web', isWeb)
  all.forget()
  assert.equal(all.epoch, 1)
  standing.count(1, 1)
  assert.equal(counter.at(1), 1)
  const again = all.counter('web', isWeb)
  assert.notEqual(again, counter)
  assert.equal(again.at(1), 2)
  assert.equal(all.of(apart()), standing)
  assert.notEqual(all.of(pod()), gone)
  assert.equal(all.termsAgainst(standing.traits)[0]?.holders.at(1), 2)
})

test('beyond so many sorts those are forgotten that no pod needs', () => {
  const all = sorts()
  const first = all.of(pod({ labels: { n: 'first' } }))
  first.count(1, 1)
  for (let n = 1; n < 4096; n++) all.of(pod({ labels: { n: `${n}` } }))
  assert.equal(all.epoch, 0)
  all.of(pod({ labels: { n: 'one more' } }))
  assert.equal(all.epoch, 1)
  assert.equal(all.of(pod({ labels: { n: 'first' } })), first)
})
