import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  ingresses,
  type KubernetesObject,
  parseLabelSelector,
  pods,
  type Resource,
  roleBindings,
  services,
  subjectKey,
} from '@reckon/kubernetes'
import { storedOf } from '../stored-object.fixture.ts'
import type { StoredObject } from '../stored-object.ts'
import { Collection, listKeyOf } from './collection.ts'
import type { Entry } from './value-index.ts'

let lastNumber = 0
const entryOf = (namespace: string, name: string, rest: object = {}): Entry => {
  const object = {
    apiVersion: 'v1',
    kind: 'Any',
    metadata: { name, namespace, ...('labels' in rest && { labels: rest.labels }) },
    ...rest,
  } as unknown as KubernetesObject
  const number = ++lastNumber
  const stored = storedOf(object)
  return { resource: pods, stream: `${number}`, key: listKeyOf(object), number, stored }
}
const collectionOf = (
  resource: Pick<Resource, 'podSelector' | 'subjects' | 'hosts'>,
  entries: Entry[],
) => {
  const collection = new Collection(resource)
  for (const entry of entries) collection.add(entry)
  return collection
}
const namesOf = (some: Iterable<StoredObject>) =>
  Array.from(some, ({ object }) => object.metadata.name)

const red = { labels: { app: 'web', colour: 'red' } }
const blue = { labels: { app: 'web', colour: 'blue' } }

test('objects come by namespace, then name, whatever order they came in', () => {
  const entries = [entryOf('b', 'a'), entryOf('a', 'z'), entryOf('a', 'b'), entryOf('a-b', 'a')]
  const collection = collectionOf(pods, entries)
  assert.deepEqual(
    Array.from(collection.scan(), ({ object }) => listKeyOf(object)),
    ['a b', 'a z', 'a-b a', 'b a'],
  )
  assert.deepEqual(namesOf(collection.scan({ namespace: 'a' })), ['b', 'z'])
  assert.deepEqual(namesOf(collection.scan({ namespace: 'none' })), [])
})

test('a list goes on after the object that it ended with', () => {
  const collection = collectionOf(pods, [
    entryOf('a', 'a', red),
    entryOf('a', 'b', red),
    entryOf('b', 'c', red),
  ])
  const labels = parseLabelSelector('colour=red')
  for (const narrowed of [{}, { labels }]) {
    assert.deepEqual(namesOf(collection.scan({ after: 'a a', ...narrowed })), ['b', 'c'])
    assert.deepEqual(namesOf(collection.scan({ after: 'a a', namespace: 'a', ...narrowed })), ['b'])
    assert.deepEqual(namesOf(collection.scan({ after: 'b c', ...narrowed })), [])
  }
})

test('labels narrow a list, in every namespace or in one', () => {
  const entries = [
    ...[entryOf('a', 'a', red), entryOf('a', 'b', blue), entryOf('b', 'c', red)],
    entryOf('b', 'd'),
  ]
  const collection = collectionOf(pods, entries)
  const found = (text: string, namespace?: string) =>
    namesOf(collection.scan({ namespace, labels: parseLabelSelector(text) }))
  assert.deepEqual(found('colour=red'), ['a', 'c'])
  assert.deepEqual(found('colour=red', 'b'), ['c'])
  assert.deepEqual(found('colour in (red, blue), app=web'), ['a', 'b', 'c'])
  assert.deepEqual(found('app=web, colour=red'), ['a', 'c'])
  assert.deepEqual(found('colour in (red, red)'), ['a', 'c'])
  assert.deepEqual(found('colour!=red'), ['b', 'd'])
  assert.deepEqual(found('!app'), ['d'])
  assert.deepEqual(namesOf(collection.scan({ labels: 'Nothing' })), [])
})

test('an index that was made for one list follows what changes and goes', () => {
  const [first, second] = [entryOf('a', 'a', red), entryOf('a', 'b', blue)]
  const collection = collectionOf(pods, [first, second])
  const reds = () => namesOf(collection.scan({ labels: parseLabelSelector('colour=red') }))
  assert.deepEqual(reds(), ['a'])
  const before = second.stored.object
  second.stored = {
    ...second.stored,
    object: { ...before, metadata: { ...before.metadata, ...red } },
  }
  collection.change(second, before)
  assert.deepEqual(reds(), ['a', 'b'])
  collection.remove(first)
  assert.deepEqual(reds(), ['b'])
})

test('more label keys than are indexed are answered as well', () => {
  const labels = Object.fromEntries(Array.from({ length: 70 }, (_, n) => [`key-${n}`, 'x']))
  const collection = collectionOf(pods, [entryOf('a', 'a', { labels }), entryOf('a', 'b')])
  for (const round of [1, 2]) {
    for (const key of Object.keys(labels)) {
      const found = collection.scan({ labels: parseLabelSelector(`${key}=x`) })
      assert.deepEqual(namesOf(found), ['a'], `${key}, round ${round}`)
    }
  }
})

test('objects are counted, all of them and those of a namespace', () => {
  const [first, second] = [entryOf('a', 'a'), entryOf('b', 'b')]
  const collection = collectionOf(pods, [first, second])
  assert.deepEqual([collection.count(), collection.count('a'), collection.count('c')], [2, 1, 0])
  collection.remove(first)
  assert.deepEqual([collection.count(), collection.count('a')], [1, 0])
})

test('a pod’s labels find who selects it in its namespace, in order', () => {
  const selecting = (selector?: Record<string, string>) => ({ spec: { selector } })
  const collection = collectionOf(services, [
    entryOf('a', 'z', selecting({ app: 'web' })),
    entryOf('a', 'b', selecting({ colour: 'red' })),
    entryOf('a', 'other', selecting({ app: 'db' })),
    entryOf('a', 'both', selecting({ app: 'web', colour: 'blue' })),
    entryOf('a', 'none', selecting()),
    entryOf('b', 'elsewhere', selecting({ app: 'web' })),
  ])
  assert.deepEqual(namesOf(collection.selecting(red.labels, 'a')), ['b', 'z'])
  assert.deepEqual(namesOf(collection.selecting({}, 'a')), [])
  assert.deepEqual(namesOf(collection.selecting(undefined, 'a')), [])
})

test('a selector that names no pair is looked at for each pod', () => {
  const podSelector = () => parseLabelSelector('!retired')
  const collection = collectionOf({ podSelector }, [entryOf('a', 'all')])
  assert.deepEqual(namesOf(collection.selecting({ app: 'web' }, 'a')), ['all'])
  assert.deepEqual(namesOf(collection.selecting({ retired: 'yes' }, 'a')), [])
})

test('where nothing selects pods nobody is found', () =>
  assert.deepEqual(namesOf(collectionOf(pods, [entryOf('a', 'a', red)]).selecting({}, 'a')), []))

test('a subject finds the bindings of its namespace that name it', () => {
  const ada = { kind: 'User', name: 'ada' } as const
  const naming = (...subjects: object[]) => ({ subjects })
  const bob = entryOf('a', 'bob', naming({ kind: 'User', name: 'bob' }))
  const collection = collectionOf(roleBindings, [
    entryOf('a', 'twice', naming(ada, ada)),
    entryOf('b', 'elsewhere', naming(ada)),
    bob,
  ])
  assert.deepEqual(namesOf(collection.binding(subjectKey(ada), 'a')), ['twice'])
  const before = bob.stored.object
  bob.stored = { ...bob.stored, object: { ...before, ...naming(ada) } as KubernetesObject }
  collection.change(bob, before)
  assert.deepEqual(namesOf(collection.binding(subjectKey(ada), 'a')).sort(), ['bob', 'twice'])
  assert.deepEqual(namesOf(collectionOf(pods, []).binding(subjectKey(ada), 'a')), [])
})

test('a host finds those of all namespaces that have rules for it, and follows their rules', () => {
  const rules = (...hosts: (string | undefined)[]) => ({
    spec: { rules: hosts.map((host) => (host === undefined ? {} : { host })) },
  })
  const moved = entryOf('a', 'moved', rules('b.test'))
  const collection = collectionOf(ingresses, [
    entryOf('a', 'twice', rules('a.test', 'a.test')),
    entryOf('b', 'elsewhere', rules('a.test', undefined)),
    moved,
  ])
  const ofHost = (host: string) => namesOf(collection.ofHost(host)).sort()
  assert.deepEqual(ofHost('a.test'), ['elsewhere', 'twice'])
  assert.deepEqual(ofHost(''), ['elsewhere'])
  const before = moved.stored.object
  moved.stored = { ...moved.stored, object: { ...before, ...rules('a.test') } as KubernetesObject }
  collection.change(moved, before)
  assert.deepEqual(ofHost('a.test'), ['elsewhere', 'moved', 'twice'])
  assert.deepEqual(ofHost('b.test'), [])
  assert.deepEqual(namesOf(collectionOf(pods, []).ofHost('a.test')), [])
})

test('those without a controller are found by their namespace, and follow their owners', () => {
  const owned = { ownerReferences: [{ uid: 'o', controller: true }] }
  const [free, taken, elsewhere] = ['a', 'b', 'c'].map((name) =>
    entryOf(name === 'c' ? 'b' : 'a', name),
  )
  assert.ok(free && taken && elsewhere)
  const collection = collectionOf(pods, [free, taken, elsewhere])
  assert.deepEqual(namesOf(collection.uncontrolled('a')), ['a', 'b'])
  const before = taken.stored.object
  const object = { ...before, metadata: { ...before.metadata, ...owned } } as KubernetesObject
  taken.stored = { ...taken.stored, object }
  collection.change(taken, before)
  assert.deepEqual(namesOf(collection.uncontrolled('a')), ['a'])
})

/**
 * Two hundred and forty objects that are all `app=web`, half of them `half=yes`, each with an id of its own and what
 * `more` says; and how often the labels of any were read by a list.
 */
function countingReads(more: Record<string, string> = {}) {
  let reads = 0
  const entries = Array.from({ length: 240 }, (_, n) => {
    const entry = entryOf('a', `o${n}`)
    const labels = { app: 'web', id: `${n}`, half: n % 2 === 0 ? 'yes' : 'no', ...more }
    const read = () => {
      reads++
      return labels
    }
    Object.defineProperty(entry.stored.object.metadata, 'labels', { get: read })
    return entry
  })
  const collection = collectionOf(pods, entries)
  return (text: string) => {
    reads = 0
    const found = namesOf(collection.scan({ labels: parseLabelSelector(text) }))
    return { found: found.length, reads }
  }
}

test('a list by a label that was asked for before reads only the objects that have it', () => {
  const list = countingReads()
  assert.deepEqual(list('id=7'), { found: 1, reads: 241 })
  assert.deepEqual(list('id=7'), { found: 1, reads: 1 })
  assert.deepEqual(list('id=7,app=web'), { found: 1, reads: 1 }, 'one is few enough')
})

test('of several labels the one that fewest have narrows a list', () => {
  const list = countingReads()
  list('app=web')
  assert.deepEqual(list('app=web'), { found: 240, reads: 240 })
  assert.deepEqual(list('app=web,half=yes'), { found: 120, reads: 360 }, 'too many: one more index')
  assert.deepEqual(list('half=yes,app=web'), { found: 120, reads: 120 })
  assert.deepEqual(list('app=web,half=yes'), { found: 120, reads: 120 })
})

test('sixty-four labels are indexed; which was not asked for longest is forgotten first', () => {
  const keys = Array.from({ length: 65 }, (_, n) => `key-${n}`)
  const list = countingReads(Object.fromEntries(keys.map((key) => [key, 'x'])))
  const isIndexed = (key: string) => list(`${key}=none`).reads === 0
  for (const key of keys.slice(0, 64)) list(`${key}=none`)
  assert.ok(isIndexed('key-0'))
  list('key-64=none')
  assert.ok(isIndexed('key-0'))
  assert.ok(!isIndexed('key-1'))
})

test('for a pod only those are looked at whose selectors name one of its labels, or none', () => {
  let looked = 0
  const podSelector = ({ metadata }: KubernetesObject) => {
    looked++
    return parseLabelSelector(metadata.name)
  }
  const names = ['app=web', 'app=db', '!retired', 'app in (web,db)']
  const collection = collectionOf(
    { podSelector },
    names.map((name) => entryOf('a', name)),
  )
  looked = 0
  const found = namesOf(collection.selecting({ app: 'db' }, 'a'))
  assert.deepEqual(found, ['!retired', 'app in (web,db)', 'app=db'])
  assert.equal(looked, 3)
})
