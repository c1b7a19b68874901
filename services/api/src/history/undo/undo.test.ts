import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { customResourceDefinitions } from '@reckon/kubernetes'
import { changeObject, deleteObject } from '@reckon/writing'
import { configMap, deployment, inDefault, startedApi } from '../../api.fixture.ts'
import { cronTab, cronTabs } from '../../verbs/custom-resources.fixture.ts'
import type { UndoAnswer } from './undo-answer.ts'

const path = '/apis/history.reckon.dev/v1/undo'
const merge = { type: 'application/merge-patch+json' }

let api: Awaited<ReturnType<typeof startedApi>>
before(async () => {
  api = await startedApi()
})
after(() => api.close())

const undo = (body: object, query = '') => api.ask('POST', `${path}${query}`, { body })
const undone = async (body: object): Promise<UndoAnswer> => {
  const { code, text } = await undo(body)
  assert.equal(code, 200, text)
  return JSON.parse(text)
}
const idOf = ({ headers }: { headers: Record<string, unknown> }) => String(headers['audit-id'])
const versionOf = (answer: Awaited<ReturnType<typeof api.ask>>) =>
  String(answer.json.metadata.resourceVersion)
const patch = async (url: string, body: object) => api.ask('PATCH', url, { ...merge, body })
const dataOf = async (name: string) =>
  (await api.ask('GET', `${inDefault('configmaps')}/${name}`)).text

test('a change is undone by its position, and the undo by its own', async () => {
  await api.ask('POST', inDefault('configmaps'), { body: configMap('a') })
  const url = `${inDefault('configmaps')}/a`
  const changed = await patch(url, { data: { k: 'other' } })
  await patch(url, { data: { later: 'kept' } })
  const dry = await undo({ position: versionOf(changed) }, '?dryRun=All')
  assert.deepEqual(JSON.parse(dry.text).undos[0].changes, [
    { field: 'data.k', from: 'other', to: 'v' },
  ])
  assert.match(await dataOf('a'), /"k":"other"/)
  const first = await undo({ position: versionOf(changed) })
  assert.match(await dataOf('a'), /"data":{"k":"v","later":"kept"}/)
  const second = await undone({ request: idOf(first) })
  assert.equal(second.undos[0]?.outcome, 'Applied')
  assert.match(await dataOf('a'), /"k":"other"/)
})

test('the undo names what it undoes as its cause', async () => {
  await api.ask('POST', inDefault('configmaps'), { body: configMap('caused') })
  const changed = await patch(`${inDefault('configmaps')}/caused`, { data: { k: 'x' } })
  const events = async () =>
    (
      await api.ask('GET', '/apis/history.reckon.dev/v1/events?stream=configmaps-default/caused')
    ).lines.map((line) => line as unknown as { id: string; metadata: Record<string, unknown> })
  const { headers } = await undo({ position: versionOf(changed) })
  const [, cause, last] = await events()
  assert.equal(last?.metadata.$causationId, cause?.id)
  assert.equal(last?.metadata.$correlationId, headers['audit-id'])
})

test('what collides with a later change is told, and nothing is changed', async () => {
  await api.ask('POST', inDefault('configmaps'), { body: configMap('b') })
  const since = versionOf(await api.ask('POST', inDefault('configmaps'), { body: configMap('c') }))
  const bob = { name: 'bob', groups: ['system:masters', 'system:authenticated'] }
  for (const name of ['b', 'c']) {
    await api.ask('PATCH', `${inDefault('configmaps')}/${name}`, {
      ...merge,
      body: { data: { k: 'bob' } },
      user: bob,
    })
  }
  await patch(`${inDefault('configmaps')}/c`, { data: { k: 'ada' } })
  const { code, json } = await undo({ user: 'bob', since })
  assert.equal(code, 409)
  assert.deepEqual(json.details?.causes, [
    {
      reason: 'FieldManagerConflict',
      field: 'configmaps/c: data.k',
      message: 'was "bob" then and would be "v" again, but is "ada" since',
    },
  ])
  assert.match(await dataOf('b'), /"k":"bob"/)
})

test('what was deleted comes back, what it owned belongs to it again', async () => {
  const owner = await api.ask('POST', inDefault('deployments'), { body: deployment('web', 2) })
  const { uid } = owner.json.metadata
  const ownerReferences = [{ apiVersion: 'apps/v1', kind: 'Deployment', name: 'web', uid }]
  const body = configMap('owned', { ownerReferences })
  const since = versionOf(await api.ask('POST', inDefault('configmaps'), { body }))
  await api.ask('DELETE', `${inDefault('configmaps')}/owned`)
  await api.ask('DELETE', `${inDefault('deployments')}/web`)
  const { undos } = await undone({ user: 'ada', since })
  assert.deepEqual(
    undos.map(({ action, name, outcome }) => ({ action, name, outcome })),
    ['owned', 'web'].map((name) => ({ action: 'Create', name, outcome: 'Applied' })),
  )
  const back = await api.ask('GET', `${inDefault('deployments')}/web`)
  const owned = await api.ask('GET', `${inDefault('configmaps')}/owned`)
  assert.notEqual(back.json.metadata.uid, uid)
  assert.equal(owned.json.metadata.ownerReferences?.[0]?.uid, back.json.metadata.uid)
})

test('what was created goes, unless somebody has changed it since', async () => {
  const created = await api.ask('POST', inDefault('configmaps'), { body: configMap('new') })
  await undone({ request: idOf(created) })
  assert.equal((await api.ask('GET', `${inDefault('configmaps')}/new`)).code, 404)
  const again = await api.ask('POST', inDefault('configmaps'), { body: configMap('new') })
  await patch(`${inDefault('configmaps')}/new`, { data: { k: 'x' } })
  assert.equal((await undo({ request: idOf(again) })).code, 409)
})

test('a namespace goes back to a moment', async () => {
  await api.ask('POST', '/api/v1/namespaces', { body: { metadata: { name: 'lab' } } })
  const maps = '/api/v1/namespaces/lab/configmaps'
  const kept = await api.ask('POST', maps, { body: configMap('kept') })
  await patch(`${maps}/kept`, { data: { k: 'x' } })
  await api.ask('POST', maps, { body: configMap('stray') })
  await api.ask('POST', inDefault('configmaps'), { body: configMap('elsewhere') })
  await undone({ namespace: 'lab', to: versionOf(kept) })
  assert.match((await api.ask('GET', `${maps}/kept`)).text, /"k":"v"/)
  assert.equal((await api.ask('GET', `${maps}/stray`)).code, 404)
  assert.match(await dataOf('elsewhere'), /"k":"v"/)
})

test('who never changed anything, and a namespace that never was, are refused by name', async () => {
  const refused = async (body: object) => {
    const { code, json } = await undo(body)
    return [code, json.message]
  }
  assert.deepEqual(await refused({ user: 'bobb', since: '1h' }), [
    400,
    'user: no change in the log was requested by "bobb"',
  ])
  assert.deepEqual(await refused({ namespace: 'labb', to: '1' }), [
    400,
    'namespace: nothing in the log is in a namespace "labb"',
  ])
  const [code, why] = await refused({ namespace: 'default', to: '99h' })
  assert.equal(code, 410)
  assert.match(String(why), /the log is \d+s old: .* can be named is its position \d+$/)
  const { json } = await api.ask('POST', inDefault('configmaps'), { body: configMap('known') })
  const since = String(json.metadata.resourceVersion)
  assert.deepEqual((await undone({ user: 'ada', since })).undos, [])
  assert.deepEqual((await undone({ namespace: 'default', to: since })).undos, [])
})

test('a kind that was deleted comes back with its objects', async () => {
  const definitions = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions'
  const ofTabs = '/apis/stable.example.com/v1/namespaces/default/crontabs'
  const { name } = cronTabs.metadata
  await api.ask('POST', definitions, { body: cronTabs })
  await api.ask('POST', ofTabs, { body: cronTab('tab', { replicas: 2 }) })
  const removed = await api.ask('DELETE', `${definitions}/${name}`)
  const cause = { id: idOf(removed), correlationId: idOf(removed) }
  const origin = { actor: { user: 'system:controller:cleanup' }, verb: 'delete', cause }
  const resource = api.ports.objects.resources.named(name)
  assert.ok(resource)
  const tab = { resource, namespace: 'default', name: 'tab' }
  await deleteObject(api.ports, { target: tab, origin })
  await changeObject(api.ports, {
    ...{ target: { resource: customResourceDefinitions, namespace: '', name }, origin },
    change: (object) => ({ ...object, metadata: { ...object.metadata, finalizers: [] } }),
  })
  assert.equal((await api.ask('GET', ofTabs)).code, 404)
  const { undos } = await undone({ request: idOf(removed) })
  assert.deepEqual(
    undos.map(({ action, name, outcome }) => ({ action, name, outcome })),
    ['crontabs.stable.example.com', 'tab'].map((name) => ({
      ...{ action: 'Create', name, outcome: 'Applied' },
    })),
  )
  assert.match((await api.ask('GET', `${ofTabs}/tab`)).text, /"replicas":2/)
})

test('of a deleted Secret only that it was is left', async () => {
  const body = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 's' }, data: { k: 'dg==' } }
  await api.ask('POST', inDefault('secrets'), { body })
  const removed = await api.ask('DELETE', `${inDefault('secrets')}/s`)
  const { undos, lost } = await undone({ request: idOf(removed) })
  assert.deepEqual(
    { undos, lost },
    {
      undos: [],
      lost: [
        {
          stream: 'secrets-default/s',
          resource: 'secrets',
          why: 'its content is gone with its key',
        },
      ],
    },
  )
})

const restored = (name: string, query = '') =>
  api.ask('POST', `/apis/history.reckon.dev/v1/namespaces/default/cm/${name}/restore${query}`)

test('one object comes back as it was last, or as it was at a moment', async () => {
  const finalizers = ['example.com/mine']
  const first = await api.ask('POST', inDefault('configmaps'), { body: configMap('r') })
  const url = `${inDefault('configmaps')}/r`
  await patch(url, { data: { k: 'last' }, metadata: { finalizers } })
  assert.match((await restored('r')).text, /r is not deleted: .*at.* names the moment/)
  await api.ask('DELETE', `${url}?propagationPolicy=Foreground`)
  await patch(url, { metadata: { finalizers: null } })
  assert.equal((await api.ask('GET', url)).code, 404)
  assert.equal((await restored('r')).code, 200)
  assert.match(await dataOf('r'), /"k":"last"/)
  const { text } = await restored('r', `?at=${versionOf(first)}&dryRun=All`)
  assert.deepEqual(JSON.parse(text).undos[0].changes, [
    { field: 'metadata.finalizers', from: finalizers },
    { field: 'data.k', from: 'last', to: 'v' },
  ])
  assert.equal((await restored('r', `?at=${versionOf(first)}`)).code, 200)
  assert.match(await dataOf('r'), /"k":"v"/)
  const again = await restored('r', `?at=${versionOf(first)}`)
  assert.deepEqual(JSON.parse(again.text).undos, [], 'it is so already')
  assert.equal((await restored('never')).code, 404)
})

test('the values of a Secret are told to nobody', async () => {
  const body = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 't' }, data: { k: 'dg==' } }
  await api.ask('POST', inDefault('secrets'), { body })
  const url = `${inDefault('secrets')}/t`
  const changed = await patch(url, { data: { k: 'b3RoZXI=' } })
  const { undos } = await undone({ position: versionOf(changed) })
  assert.deepEqual(undos[0]?.changes, [{ field: 'data.k', from: '(secret)', to: '(secret)' }])
  assert.match((await api.ask('GET', url)).text, /"k":"dg=="/)
  const again = await undo({ position: versionOf(changed) })
  assert.deepEqual(JSON.parse(again.text).undos, [])
  await patch(url, { data: { k: 'bGF0ZXI=' } })
  const { code, text } = await undo({ position: versionOf(changed) })
  assert.equal(code, 409)
  assert.doesNotMatch(text, /dg==|b3RoZXI=|bGF0ZXI=/)
})

test('it needs the right to every past, or to that of the namespace, before anything is read', async () => {
  const user = { name: 'eve', groups: ['system:authenticated'] }
  const refusalOf = async (body: object) => {
    const { code, json } = await api.ask('POST', path, { body, user })
    assert.equal(code, 403)
    return String(json.message)
  }
  assert.match(await refusalOf({ request: 'unknown' }), /cannot list resource "\*"/)
  assert.match(await refusalOf({ namespace: 'lab', to: '1' }), /cannot past resource "\*"/)
})

test('what was recorded after the dry run is left alone', async () => {
  await api.ask('POST', '/api/v1/namespaces', { body: { metadata: { name: 'seen' } } })
  const maps = '/api/v1/namespaces/seen/configmaps'
  const first = await api.ask('POST', maps, { body: configMap('first') })
  await patch(`${maps}/first`, { data: { k: 'x' } })
  const selection = { namespace: 'seen', to: versionOf(first) }
  const { upTo } = JSON.parse((await undo(selection, '?dryRun=All')).text)
  await api.ask('POST', maps, { body: configMap('later') })
  await undone({ ...selection, upTo })
  assert.match((await api.ask('GET', `${maps}/first`)).text, /"k":"v"/)
  assert.equal((await api.ask('GET', `${maps}/later`)).code, 200)
})

test('what a client renews all the time is no change that a user asked to keep', async () => {
  await api.ask('POST', '/api/v1/namespaces', { body: { metadata: { name: 'led' } } })
  const leases = '/apis/coordination.k8s.io/v1/namespaces/led/leases'
  const lease = (holderIdentity: string) => ({
    ...{ apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata: { name: 'leader' } },
    spec: { holderIdentity },
  })
  const created = await api.ask('POST', leases, { body: lease('a') })
  await patch(`${leases}/leader`, { spec: { holderIdentity: 'b' } })
  const { undos } = await undone({ namespace: 'led', to: versionOf(created) })
  assert.deepEqual(undos, [])
})

test('what names nothing is refused', async () => {
  assert.equal((await undo({})).code, 400)
  assert.equal((await undo({ position: '999999999' })).code, 400)
  assert.equal((await undo({ request: 'unknown' })).code, 400)
  const vague = await undo({ user: 'ada', since: 'yesterday' })
  assert.match(vague.text, /since: .* is no position .* no time .* no duration \(10m\)/)
  assert.equal((await undo({ position: '1', request: 'r' })).code, 400)
  assert.equal((await undo({ position: '0' })).code, 400)
  assert.match((await undo({ position: 'abc' })).text, /\\"abc\\" is no position/)
})
