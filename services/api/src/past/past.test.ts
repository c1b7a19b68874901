import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { KubernetesObject } from '@reckon/kubernetes'
import { configMap, inDefault, startedApi } from '../api.fixture.ts'
import { openPast } from './open-past.ts'
import { foldsOf, resources, writeHistory } from './past-history.fixture.ts'

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
          const found = await past.at(position).get(resource, 'default', name)
          assert.deepEqual(found?.object, expected.get(name)?.object)
        }
      }
    }
  })
}

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
