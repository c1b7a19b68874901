import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  type KubernetesObject,
  matchesLabels,
  type Pod,
  parseLabelSelector,
  pods,
  type Resource,
  type Service,
  services,
} from '@reckon/kubernetes'
import type { StoredObject } from '../stored-object.ts'
import { streamOf } from '../stream-name.ts'
import { listKeyOf } from './collection.ts'
import { IndexedObjects } from './indexed-objects.ts'

/** Numbers that are the same each time (mulberry32). */
function numbersOf(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below
  }
}

const stored = (object: unknown): StoredObject => {
  const cause = { id: 'e', correlationId: 'c' }
  return {
    object: object as KubernetesObject,
    revision: 0n,
    position: 1n,
    changes: 0,
    last: cause,
    intent: cause,
  }
}

const podOf = (below: (limit: number) => number, namespace: string, name: string) =>
  stored({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      namespace,
      ...(below(4) > 0 && { labels: { app: `a${below(3)}`, tier: `t${below(2)}` } }),
      ...(below(2) > 0 && { ownerReferences: [{ uid: `o${below(3)}` }] }),
    },
    spec: below(2) > 0 ? { nodeName: `n${below(3)}` } : {},
  })

const serviceOf = (below: (limit: number) => number, namespace: string, name: string) =>
  stored({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, namespace },
    spec: below(4) > 0 ? { selector: { app: `a${below(3)}` } } : {},
  })

const sorted = (some: Iterable<StoredObject>) =>
  [...some].map(({ object }) => listKeyOf(object)).sort()

test('whatever comes, changes and goes, an index answers what a look at everything would', () => {
  const below = numbersOf(7)
  const indexed = new IndexedObjects()
  const all = new Map<string, StoredObject>()
  const put = (resource: Resource, next: StoredObject) => {
    const { namespace, name } = next.object.metadata
    const stream = streamOf(resource, namespace, name)
    const isRemoval = below(4) === 0
    if (isRemoval) {
      indexed.remove(stream)
      all.delete(stream)
    } else {
      indexed.put(resource, stream, next)
      all.set(stream, next)
    }
  }
  for (let step = 0; step < 3_000; step++) {
    const namespace = ['a', 'a-b', 'b'][below(3)] ?? ''
    put(pods, podOf(below, namespace, `p${below(30)}`))
    if (step % 10 === 0) put(services, serviceOf(below, namespace, `s${below(5)}`))
    if (step % 50 === 0) assertIndexed(indexed, [...all.values()], below)
  }
})

function assertIndexed(
  indexed: IndexedObjects,
  all: readonly StoredObject[],
  below: (limit: number) => number,
): void {
  const ofKind = (kind: string) => all.filter(({ object }) => object.kind === kind)
  const [podsNow, servicesNow] = [ofKind('Pod'), ofKind('Service')]
  for (const namespace of [undefined, 'a', 'a-b', 'b', 'none']) {
    const there = podsNow.filter(
      ({ object }) => namespace === undefined || object.metadata.namespace === namespace,
    )
    assert.equal(indexed.of(pods).count(namespace), there.length)
    const after = there[below(there.length + 1)]
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
      const next = podOf(() => 0, namespace, name)
      indexed.put(pods, streamOf(pods, namespace, name), next)
    }
  }
  const order = Array.from(indexed.of(pods).scan(), ({ object }) => listKeyOf(object))
  assert.deepEqual(order, ['a x', 'a y', 'a-b x', 'a-b y', 'b x', 'b y'])
})
