import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { RecordedEvent, Vault } from '@reckon/eventing'
import {
  configMaps,
  type KubernetesObject,
  nodes,
  pods,
  ResourceTable,
  roleBindings,
  secrets,
  services,
} from '@reckon/kubernetes'
import { memoryVault } from '@reckon/writing/vault-fixture'
import { clusterStream, defaultSettings } from '../cluster.ts'
import { keyStream } from '../data-key.ts'
import { recordedEvent } from '../recorded-event.fixture.ts'
import { assertOpen } from '../sealed-object.ts'
import { Objects } from './objects.ts'
import { definitionStream, pages, pagesDefinition } from './pages.fixture.ts'
import { savedText, storedIn } from './saved-records.ts'

const metadata = (name: string, rest: object = {}) => ({ name, namespace: 'default', ...rest })
const pod: KubernetesObject = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: metadata('web', { uid: 'p', labels: { app: 'web' } }),
  spec: { nodeName: 'n' },
}
const podStream = 'pods-default/web'
const secretStream = 'secrets-default/s'

/** A log that grows event by event, folded into a view. */
function logInto(view: Objects) {
  const events: RecordedEvent[] = []
  const append = (stream: string, type: string, data: unknown, id?: string) => {
    const position = BigInt(events.length + 1)
    const revision = BigInt(events.filter((each) => each.stream === stream).length)
    const of = { stream, revision, position, metadata: undefined }
    const event = { id: id ?? `e${position}`, type, data, ...of }
    events.push(event)
    view.apply(event)
  }
  return { events, append }
}

/** A view with a Secret whose content is known, and how its events are sealed. */
function viewWithSecret(vault: Vault) {
  const view = new Objects(vault)
  const { append } = logInto(view)
  const key = view.keys.draw('u', secretStream)
  append(keyStream('u'), 'DataKeyCreated', key)
  const object = {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: metadata('s', { uid: 'u' }),
    data: { a: 'eA==' },
  }
  const sealed = view.keys.seal('u', { object }, { stream: secretStream, id: 'created' })
  append(secretStream, 'SecretCreated', sealed, 'created')
  return { view, append }
}

const restoredFrom = (view: Objects, vault?: Vault): Objects => {
  const restored = new Objects(vault)
  const records = JSON.stringify([...view.snapshot()])
  for (const record of JSON.parse(records)) restored.restore(record)
  return restored
}

test('who listens hears what each event did to an object, until they end it', () => {
  const view = new Objects()
  const { append } = logInto(view)
  const heard: string[] = []
  const end = view.subscribe(({ type, stored, before }) =>
    heard.push(`${type} ${stored.position} after ${before?.position}`),
  )
  append(podStream, 'PodCreated', { object: pod })
  append(podStream, 'PodChanged', { patch: [] })
  append(podStream, 'PodDeleted', { patch: [] })
  append(podStream, 'PodDeleted', { patch: [] })
  end()
  append(podStream, 'PodCreated', { object: pod })
  assert.deepEqual(heard, ['ADDED 1 after undefined', 'MODIFIED 2 after 1', 'DELETED 2 after 2'])
})

test('events of the store itself, of no object and of no known kind change nothing but the position', () => {
  const view = new Objects()
  const { append } = logInto(view)
  const heard: string[] = []
  view.subscribe(({ type }) => heard.push(type))
  append(podStream, '$metadata', {})
  append('terms-scheduler', 'TermBegan', {})
  append('widgets.example.com-default/x', 'WidgetCreated', { object: pod })
  append('clusterips-10.96.0.7', 'ClusterIPReserved', { stream: 'services-default/x', uid: 'x' })
  assert.deepEqual([heard, view.position, view.lastEventId], [[], 4n, 'e4'])
  assert.equal([...view.reservations.held()].length, 1)
})

test('the first event tells which cluster this is', () => {
  const view = new Objects()
  assert.equal(view.cluster, undefined)
  const { append } = logInto(view)
  append(clusterStream, 'ClusterFounded', { cluster: 'c', settings: defaultSettings }, 'f')
  assert.deepEqual(view.cluster, { cluster: 'c', settings: defaultSettings, founded: 'f' })
  assert.deepEqual(restoredFrom(view).cluster, view.cluster)
})

test('objects are found by name, by stream, by node, by owner, and by what selects them', () => {
  const view = new Objects()
  const { append } = logInto(view)
  append(podStream, 'PodCreated', { object: pod })
  const service = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: metadata('front', { ownerReferences: [{ uid: 'p' }] }),
    spec: { selector: { app: 'web' } },
  }
  append('services-default/front', 'ServiceCreated', { object: service })
  const stored = view.get(pods, 'default', 'web')
  assert.equal(stored?.object.metadata.uid, 'p')
  assert.equal(view.ofStream(podStream), stored)
  assert.deepEqual(view.podsOn('n'), [stored])
  assert.deepEqual(
    [view.list(pods), view.list(pods, ''), view.list(pods, 'other')],
    [[stored], [stored], []],
  )
  assert.deepEqual([view.count(pods), view.count(pods, 'other')], [1, 0])
  const front = view.get(services, 'default', 'front')
  assert.deepEqual(view.ownedBy('p'), [front])
  assert.deepEqual(view.selecting(services, pod), [front])
  assert.deepEqual(view.selecting(services, { ...pod, metadata: { name: 'x' } }), [])
  assert.deepEqual(view.binding(roleBindings, 'User ada'), [])
  const misnamed = { ...pods, kind: 'Other' }
  assert.throws(() => view.list(misnamed), /web is stored as Other and is v1 Pod/)
})

test('a view that is restored from its snapshot equals the one that was saved', () => {
  const view = new Objects()
  const { append } = logInto(view)
  append(podStream, 'PodCreated', { object: pod })
  append('nodes-/n', 'NodeCreated', { object: { ...pod, kind: 'Node', metadata: { name: 'n' } } })
  append('clusterips-10.96.0.7', 'ClusterIPReserved', { stream: 'services-default/x', uid: 'x' })
  const restored = restoredFrom(view)
  assert.deepEqual([restored.position, restored.lastEventId], [3n, 'e3'])
  assert.deepEqual(restored.list(pods), view.list(pods))
  assert.deepEqual(restored.list(nodes), view.list(nodes))
  assert.deepEqual([...restored.reservations.held()], [...view.reservations.held()])
  assert.equal(restoredFrom(new Objects()).position, undefined)
})

test('what a snapshot has of a kind that is not served is left out', () => {
  const view = new Objects()
  const at = { revision: '0', position: '1', changes: 0 }
  view.restore({ object: ['widgets.example.com-default/x', { object: pod, ...at }] })
  view.restore({ object: ['terms', { object: pod, ...at }] })
  assert.equal(view.ofStream('widgets.example.com-default/x'), undefined)
})

test('records of keys alone are not to be kept', () => {
  const view = new Objects()
  assert.ok(view.isPassing({ key: ['u', {}] }))
  for (const record of [{ head: {} }, null, 'key', undefined]) assert.ok(!view.isPassing(record))
})

test('a Secret is known with its key, saved sealed, and known again with the same vault', () => {
  const vault = memoryVault()
  const { view } = viewWithSecret(vault)
  const stored = view.get(secrets, 'default', 's')
  assert.equal(stored?.sealed, 'Open')
  assert.deepEqual(stored?.object.data, { a: 'eA==' })
  assertOpen(stored ?? assert.fail())
  assert.ok(!JSON.stringify([...view.snapshot()]).includes('eA=='))
  assert.deepEqual(restoredFrom(view, vault).get(secrets, 'default', 's'), stored)
})

test('without its vault a saved Secret exists and no more', () => {
  const { view } = viewWithSecret(memoryVault())
  const stored = restoredFrom(view).get(secrets, 'default', 's')
  assert.equal(stored?.sealed, 'Closed')
  assert.equal(stored?.object.data, undefined)
  assert.throws(() => assertOpen(stored ?? assert.fail()), /Secret "s" cannot be opened/)
})

test('a destroyed key closes its object, now and in a snapshot that was begun before', () => {
  const vault = memoryVault()
  const { view, append } = viewWithSecret(vault)
  const records = view.snapshot()[Symbol.iterator]()
  records.next()
  append(keyStream('u'), '$metadata', {})
  const stored = view.get(secrets, 'default', 's')
  assert.equal(stored?.sealed, 'Closed')
  assert.equal(stored?.object.metadata.uid, 'u')
  assert.equal(stored?.object.data, undefined)
  const rest = JSON.stringify([...{ [Symbol.iterator]: () => records }])
  assert.match(rest, /"sealed":"Closed"/)
  assert.doesNotMatch(rest, /sealedObject/)
})

test('a destroyed key of an earlier object of that name closes nothing', () => {
  const { view, append } = viewWithSecret(memoryVault())
  append(keyStream('older'), 'DataKeyCreated', view.keys.draw('older', secretStream))
  append(keyStream('older'), '$metadata', {})
  assert.equal(view.get(secrets, 'default', 's')?.sealed, 'Open')
})

test('a snapshot that holds no object for a stream is refused', () => {
  const record = { object: [podStream, { revision: '0', position: '1', changes: 0 }] }
  assert.throws(() => new Objects().restore(record), /no object for pods-default\/web/)
})

test('a view folded with one master key is of another form than one without', () => {
  assert.equal(new Objects().form, 'sealed')
  assert.equal(new Objects(memoryVault('m')).form, 'm')
})

test('a view of some kinds parses no event of others, and nobody asks it for them', () => {
  const view = new Objects(undefined, new ResourceTable([pods]))
  const untouched = {
    ...{ id: 'e1', type: 'ConfigMapCreated', stream: 'configmaps-default/a' },
    ...{ revision: 0n, position: 7n, metadata: undefined },
    get data(): unknown {
      throw new Error('was parsed')
    },
  }
  view.apply(untouched)
  assert.deepEqual([view.position, view.lastEventId], [7n, 'e1'])
  assert.deepEqual(view.list(pods), [])
  assert.throws(() => view.list(configMaps), /this view keeps no configmaps/)
  assert.throws(() => view.get(configMaps, 'default', 'a'), /this view keeps no configmaps/)
  assert.equal(view.form, 'sealed-pods')
})

const page = { apiVersion: 'example.com/v1', kind: 'Page', metadata: metadata('p') }
const pageStream = `${pages}-default/p`

/** A view with a kind that was defined at run time, and an object of it. */
function viewWithPages() {
  const view = new Objects()
  const { append } = logInto(view)
  append(definitionStream, 'CustomResourceDefinitionCreated', { object: pagesDefinition() })
  append(pageStream, 'PageCreated', { object: page })
  return { view, append }
}

test('a kind that is defined at run time has its objects, and is none any more with its definition', () => {
  const { view, append } = viewWithPages()
  const kind = view.resources.named(pages) ?? assert.fail()
  assert.equal(view.list(kind).length, 1)
  append(pageStream, 'PageDeleted', { patch: [] })
  append(definitionStream, 'CustomResourceDefinitionDeleted', { patch: [] })
  assert.equal(view.resources.named(pages), undefined)
})

test('a kind whose definition changes is served as it says then', () => {
  const { view, append } = viewWithPages()
  const patch = [{ op: 'replace', path: '/spec/names/shortNames', value: ['pg'] }]
  append(definitionStream, 'CustomResourceDefinitionChanged', { patch })
  assert.deepEqual(view.resources.named(pages)?.shortNames, ['pg'])
})

test('objects of a snapshot wait for the definition of their kind, wherever in it that stands', () => {
  const records = [...viewWithPages().view.snapshot()]
  for (const order of [records, records.toReversed()]) {
    const restored = new Objects()
    for (const record of order) restored.restore(record)
    const kind = restored.resources.named(pages) ?? assert.fail()
    assert.deepEqual(
      restored.list(kind).map(({ object }) => object.metadata.name),
      ['p'],
    )
  }
})

test('a view of the past has the kinds of the present, whatever was defined then', () => {
  const { view } = viewWithPages()
  const past = view.beginning()
  logInto(past).append(definitionStream, 'CustomResourceDefinitionDeleted', { patch: [] })
  assert.ok(view.resources.named(pages))
})

test('a view that begins anew opens what the first one could', () => {
  const { view } = viewWithSecret(memoryVault())
  const object = view.get(secrets, 'default', 's')?.object ?? assert.fail()
  const sealed = view.keys.seal('u', { object }, { stream: secretStream, id: 'again' })
  const past = view.beginning()
  logInto(past).append(secretStream, 'SecretCreated', sealed, 'again')
  assert.equal(past.get(secrets, 'default', 's')?.sealed, 'Open')
})

test('what is claimed of quotas is saved, until the object for which it was is recorded', () => {
  const view = new Objects()
  const { append } = logInto(view)
  const claim = { stream: podStream, uid: 'p', amounts: { few: { pods: '1' } } }
  append('quotas-default', 'QuotaReserved', claim)
  assert.deepEqual(restoredFrom(view).quotaClaims.of('default').claims, [claim])
  append(podStream, 'PodCreated', { object: pod })
  assert.deepEqual(view.quotaClaims.of('default').claims, [])
})

test('events of keys are read from the log alone, all others from wherever they come', () => {
  const view = new Objects()
  const isWithheld = (stream: string) => view.isWithheld(recordedEvent('T', {}, { stream }))
  assert.deepEqual([keyStream('u'), secretStream].map(isWithheld), [true, false])
})

test('what is no record of a snapshot is refused', () => {
  for (const record of [{}, 'x', null]) {
    assert.throws(() => new Objects().restore(record), /none of objects/)
  }
})

test('an object in text is the same again; a text without one is refused', () => {
  const view = new Objects()
  logInto(view).append(podStream, 'PodCreated', { object: pod })
  const stored = view.ofStream(podStream) ?? assert.fail()
  assert.deepEqual(storedIn(savedText('pods-default/web', stored)), stored)
  assert.throws(
    () =>
      storedIn(JSON.stringify({ object: ['pods-default/web', { revision: '0', position: '1' }] })),
    /a text without an object/,
  )
})
