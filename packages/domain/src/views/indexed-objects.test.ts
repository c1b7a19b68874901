import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  configMaps,
  customResourceDefinitions,
  type KubernetesObject,
  matchesLabels,
  type Pod,
  parseLabelSelector,
  pods,
  type Resource,
  type Service,
  services,
} from '@reckon/kubernetes'
import { Random } from '@reckon/kubernetes/random'
import { storedOf } from '../stored-object.fixture.ts'
import type { StoredObject } from '../stored-object.ts'
import { streamOf } from '../stream-name.ts'
import { listKeyOf } from './collection.ts'
import { IndexedObjects } from './indexed-objects.ts'

const stored = (object: unknown) => storedOf(object as KubernetesObject)

const podOf = (random: Random, namespace: string, name: string) =>
  stored({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      namespace,
      ...(random.below(4) > 0 && {
        labels: { app: `a${random.below(3)}`, tier: `t${random.below(2)}` },
      }),
      ...(random.below(2) > 0 && { ownerReferences: [{ uid: `o${random.below(3)}` }] }),
    },
    spec: random.below(2) > 0 ? { nodeName: `n${random.below(3)}` } : {},
  })

const serviceOf = (random: Random, namespace: string, name: string) =>
  stored({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, namespace },
    spec: random.below(4) > 0 ? { selector: { app: `a${random.below(3)}` } } : {},
  })

const sorted = (some: Iterable<StoredObject>) =>
  [...some].map(({ object }) => listKeyOf(object)).sort()

test('whatever comes, changes and goes, an index answers what a look at everything would', () => {
  const random = new Random(7)
  const indexed = new IndexedObjects()
  const all = new Map<string, StoredObject>()
  const put = (resource: Resource, next: StoredObject) => {
    const { namespace, name } = next.object.metadata
    const stream = streamOf(resource, namespace, name)
    const isRemoval = random.below(4) === 0
    if (isRemoval) {
      indexed.remove(stream)
      all.delete(stream)
    } else {
      indexed.put(resource, stream, next)
      all.set(stream, next)
    }
  }
  for (let step = 0; step < 3_000; step++) {
    const namespace = ['a', 'a-b', 'b'][random.below(3)] ?? ''
    put(pods, podOf(random, namespace, `p${random.below(30)}`))
    if (step % 10 === 0) put(services, serviceOf(random, namespace, `s${random.below(5)}`))
    if (step % 50 === 0) assertIndexed(indexed, [...all.values()], random)
  }
})

function assertIndexed(
  indexed: IndexedObjects,
  all: readonly StoredObject[],
  random: Random,
): void {
  const ofKind = (kind: string) => all.filter(({ object }) => object.kind === kind)
  const [podsNow, servicesNow] = [ofKind('Pod'), ofKind('Service')]
  for (const namespace of [undefined, 'a', 'a-b', 'b', 'none']) {
    const there = podsNow.filter(
      ({ object }) => namespace === undefined || object.metadata.namespace === namespace,
    )
    assert.equal(indexed.of(pods).count(namespace), there.length)
    const after = there[random.below(there.length + 1)]
    for (const text of ['', 'app=a1', 'app in (a0,a2),tier=t1', 'app!=a1', 'tier', 'app=none']) {
      const labels = parseLabelSelector(text)
      const range = { namespace, labels, after: after && listKeyOf(after.object) }
      const scanned = [...indexed.of(pods).scan(range)]
      const wanted = there.filter(
        ({ object }) =>
          matchesLabels(labels, object.metadata.labels) &&
          (range.after === undefined || listKeyOf(object) > range.after),
      )
      const keys = scanned.map(({ object }) => listKeyOf(object))
      assert.deepEqual(keys, sorted(wanted), `${namespace} ${text} after ${range.after}`)
    }
  }
  for (const value of [0, 1, 2]) {
    const owned = podsNow.filter(({ object }) =>
      object.metadata.ownerReferences?.some(({ uid }) => uid === `o${value}`),
    )
    assert.deepEqual(sorted(indexed.ownedBy(`o${value}`)), sorted(owned))
    const bound = podsNow.filter(({ object }) => (object as Pod).spec.nodeName === `n${value}`)
    assert.deepEqual(sorted(indexed.onNode(`n${value}`)), sorted(bound))
    const selecting = servicesNow.filter(
      ({ object }) =>
        object.metadata.namespace === 'a' && (object as Service).spec.selector?.app === `a${value}`,
    )
    const found = indexed.of(services).selecting({ app: `a${value}`, tier: 't0' }, 'a')
    assert.deepEqual(sorted(found), sorted(selecting))
  }
}

test('namespaces come one after the other, though one name continues another', () => {
  const indexed = new IndexedObjects()
  for (const namespace of ['a-b', 'a', 'b']) {
    for (const name of ['y', 'x']) {
      const next = podOf(new Random(1), namespace, name)
      indexed.put(pods, streamOf(pods, namespace, name), next)
    }
  }
  const order = Array.from(indexed.of(pods).scan(), ({ object }) => listKeyOf(object))
  assert.deepEqual(order, ['a x', 'a y', 'a-b x', 'a-b y', 'b x', 'b y'])
})

test('on a node are the pods that are bound to it, and nothing else that names it', () => {
  const indexed = new IndexedObjects()
  const naming = (kind: string, nodeName: string) =>
    stored({ apiVersion: 'v1', kind, metadata: { name: kind }, spec: { nodeName } })
  indexed.put(pods, 'pods-a/bound', naming('Pod', 'n1'))
  indexed.put(pods, 'pods-a/pending', naming('Pod', ''))
  indexed.put(services, 'services-a/other', naming('Service', 'n1'))
  assert.deepEqual([indexed.onNode('n1').length, indexed.onNode('').length], [1, 0])
})

test('the objects of a moment come kind by kind, first what other kinds are defined by', () => {
  const indexed = new IndexedObjects()
  const kinds: readonly Resource[] = [services, pods, customResourceDefinitions, configMaps]
  for (const resource of kinds) {
    for (const name of ['b', 'a']) {
      const object = { apiVersion: 'v1', kind: resource.kind, metadata: { name }, spec: {} }
      indexed.put(resource, streamOf(resource, '', name), stored(object))
    }
  }
  const order = Array.from(indexed.asOfNow(), ([stream]) => stream.replace(/\..*-/, '-'))
  assert.deepEqual(order, [
    ...['customresourcedefinitions-/a', 'customresourcedefinitions-/b'],
    ...['configmaps-/a', 'configmaps-/b', 'pods-/a', 'pods-/b', 'services-/a', 'services-/b'],
  ])
})
