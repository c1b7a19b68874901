import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { StoredObject } from '@reckon/domain'
import { snapshotRecords, witnessOf } from '@reckon/eventing'
import { writeTo } from '@reckon/eventing/contract'
import { createMemorySegments, createMemorySnapshots } from '@reckon/eventing/memory'
import { configMaps, type KubernetesObject } from '@reckon/kubernetes'
import { type Answer, configMap, inDefault, startedApi } from '../api.fixture.ts'
import { openPast } from './open-past.ts'
import { foldsHere } from './past-folds.ts'
import { fillWithChanges, foldsOf, resources, writeHistory } from './past-history.fixture.ts'

const never = new AbortController().signal

for (const seed of [1, 2, 3]) {
  test(`each object at every position is as a fresh fold has it (seed ${seed})`, async (t) => {
    const api = await startedApi()
    t.after(api.close)
    await writeHistory(api, seed, 250)
    await api.ports.reader.waitForHead(1000)
    const past = openPast(api.ports)
    for await (const { position, list } of foldsOf(api)) {
      for (const resource of resources) {
        const expected = new Map(list(resource).map((each) => [each.object.metadata.name, each]))
        for (const name of ['n0', 'n1', 'n2', 'n3']) {
          const found = await past.at(position).get(resource, 'default', name, never)
          assert.deepEqual(found?.object, expected.get(name)?.object)
        }
      }
    }
  })
}

/** All that a fold has of a resource, by name: what is closed for a fold, too, is closed. */
const objectsOf = (all: Iterable<StoredObject>) => Array.from(all, ({ object }) => object)
const objectsComing = (all: AsyncIterable<StoredObject>) =>
  Array.fromAsync(all, ({ object }) => object)

for (const which of ['log', 'snapshots', 'segments', 'snapshots and segments']) {
  test(`a list at every position is as a fresh fold has it (from the ${which})`, async (t) => {
    const api = await startedApi()
    t.after(api.close)
    await writeHistory(api, 7, 120)
    await api.ports.reader.waitForHead(1000)
    const sources = await sourcesOf(api, which)
    const pastFolds = foldsHere(api.ports.objects, { ...api.ports, ...sources })
    const past = openPast({ ...api.ports, pastFolds })
    for await (const { position, list } of foldsOf(api)) {
      for (const resource of resources) {
        const found = past.at(position).scan(resource, { namespace: 'default' }, never)
        assert.deepEqual(await objectsComing(found), objectsOf(list(resource)))
      }
    }
  })
}

/** What a machine may have of the past: a snapshot every some events, and segments that lack the newest. */
async function sourcesOf(api: Awaited<ReturnType<typeof startedApi>>, which: string) {
  const { log, objects: present } = api.ports
  const events = await Array.fromAsync(log.readAll())
  const [store, segments] = [createMemorySnapshots(), createMemorySegments()]
  const folded = present.beginning()
  for (const [index, event] of events.entries()) {
    folded.apply(event)
    if (index % 40 !== 39) continue
    const records = snapshotRecords([folded])
    await store.save('views', { witnesses: [witnessOf(event)], projections: 1, records })
  }
  const begin = which === 'segments' ? 0 : 20
  await segments.begin(events[begin - 1]?.position)
  await writeTo(segments, events.slice(begin, -10))
  return {
    ...(which.includes('snapshots') && { snapshots: { store, name: 'views' } }),
    ...(which.includes('segments') && { segments }),
  }
}

test('snapshots of another log are passed over', async (t) => {
  const [api, other] = [await startedApi(), await startedApi()]
  t.after(() => Promise.all([api.close(), other.close()]))
  for (const each of [api, other]) {
    await each.ask('POST', inDefault('configmaps'), { body: configMap('a') })
    await writeHistory(each, 9, 60)
  }
  const sources = await sourcesOf(other, 'snapshots')
  const pastFolds = foldsHere(api.ports.objects, { ...api.ports, ...sources })
  const past = openPast({ ...api.ports, pastFolds })
  const position = api.ports.objects.position ?? 0n
  const range = { namespace: 'default' }
  const found = past.at(position).scan(configMaps, range, new AbortController().signal)
  assert.deepEqual(
    await objectsComing(found),
    objectsOf(api.ports.objects.list(configMaps, 'default')),
  )
})

test('who asks for a list and goes ends it', async (t) => {
  const api = await startedApi()
  t.after(api.close)
  const gone = AbortSignal.abort(new Error('gone'))
  const past = openPast(api.ports).at(api.ports.objects.position ?? 0n)
  for (let n = 0; n < 4; n++) {
    await assert.rejects(Array.fromAsync(past.scan(configMaps, {}, gone)), /gone/)
  }
})

test('a list of the past comes in pages, below /at and at exactly a version', async (t) => {
  const api = await startedApi()
  t.after(api.close)
  const names = ({ json }: Answer) => json.items.map(({ metadata }) => metadata.name)
  for (const name of ['a', 'b', 'c']) {
    await api.ask('POST', inDefault('configmaps'), { body: configMap(name) })
  }
  const version = String(api.ports.objects.position)
  const after = api.ports.objects.position ?? 0n
  for (const name of ['a', 'b']) await api.ask('DELETE', `${inDefault('configmaps')}/${name}`)
  // More than is remembered of a resource.
  await fillWithChanges(api)
  assert.ok((api.ports.objects.position ?? 0n) > after)
  const configMapsPath = inDefault('configmaps')
  const below = `/at/${version}${configMapsPath}?limit=2`
  const exact = `${configMapsPath}?limit=2&resourceVersion=${version}&resourceVersionMatch=Exact`
  for (const first of [below, exact]) {
    const page = await api.ask('GET', first)
    assert.deepEqual(names(page).slice(0, 2), ['a', 'b'])
    const token = /"continue":"([^"]*)"/.exec(page.text)?.[1]
    const path = first === below ? below : `${configMapsPath}?limit=2`
    assert.deepEqual(names(await api.ask('GET', `${path}&continue=${token}`)).slice(0, 1), ['c'])
  }
})

const path = `${inDefault('configmaps')}/a`
const versionOf = ({ metadata }: KubernetesObject): string => metadata.resourceVersion ?? ''

test('an object is read as it was, also once it is gone, and not before it was there', async (t) => {
  const api = await startedApi()
  t.after(api.close)
  const before = String(api.ports.objects.position)
  const { json: created } = await api.ask('POST', inDefault('configmaps'), { body: configMap('a') })
  const body = { data: { k: 'changed' } }
  const type = 'application/merge-patch+json'
  const { json: changed } = await api.ask('PATCH', path, { type, body })
  await api.ask('DELETE', path)
  const at = (version: string) => api.ask('GET', `/at/${version}${path}`)
  assert.deepEqual((await at(versionOf(created))).json, created)
  assert.deepEqual((await at(versionOf(changed))).json, changed)
  assert.equal((await at(before)).code, 404)
  assert.equal((await at(String(api.ports.objects.position))).code, 404)
  assert.equal((await at('10000000000000000000')).code, 410)
  assert.equal((await at('yesterday')).code, 422)
  assert.equal((await api.ask('GET', `/at/${before}/api/v1`)).json.kind, 'APIResourceList')
})

test('the past is for who may read it', async (t) => {
  const eve = { name: 'eve', groups: ['system:authenticated'] }
  const api = await startedApi({
    authorizer: ({ user, verb }) => (user !== eve || verb === 'get' ? 'allowed' : 'no opinion'),
  })
  t.after(api.close)
  const { json } = await api.ask('POST', inDefault('configmaps'), { body: configMap('a') })
  assert.equal((await api.ask('GET', path, { user: eve })).code, 200)
  const refused = await api.ask('GET', `/at/${versionOf(json)}${path}`, { user: eve })
  assert.equal(refused.code, 403)
  assert.match(
    refused.json.message ?? '',
    /cannot past resource "configmaps" in API group "history/,
  )
})

test('the value of a Secret is in the past while its key is there, and refused once it is not', async (t) => {
  const api = await startedApi()
  t.after(api.close)
  const metadata = { name: 'db' }
  const secret = { apiVersion: 'v1', kind: 'Secret', metadata, stringData: { password: 'one' } }
  const { json: created } = await api.ask('POST', inDefault('secrets'), { body: secret })
  await api.ask('PUT', `${inDefault('secrets')}/db`, { body: { ...secret, stringData: {} } })
  const asked = `/at/${versionOf(created)}${inDefault('secrets')}/db`
  assert.deepEqual((await api.ask('GET', asked)).json.data, { password: 'b25l' })
  const { uid = '' } = created.metadata
  await api.ask('DELETE', `${inDefault('secrets')}/db`)
  await api.ports.log.tombstone(`keys-${uid}`)
  await api.ports.reader.waitForHead(1000)
  const { code, json } = await api.ask('GET', asked)
  assert.equal(code, 410)
  assert.match(json.message ?? '', /its key is destroyed/)
})
