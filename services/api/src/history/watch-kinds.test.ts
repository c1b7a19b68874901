import assert from 'node:assert/strict'
import { test } from 'node:test'
import { configMap, deployment, inDefault, startedApi } from '../api.fixture.ts'

const watch = '/apis/history.reckon.dev/v1/watch'
const resources = 'resources=configmaps,deploy'

type Row = { resource: string; cells: unknown[]; object: { metadata: Record<string, string> } }
type Line = { type: string; object: Row & { metadata?: Record<string, string>; code?: number } }
type Api = Awaited<ReturnType<typeof startedApi>>

const linesOf = (text: string): Line[] =>
  text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))

const watched = async (api: Api, query: string, user?: { name: string; groups: string[] }) => {
  const asked = await api.ask('GET', `${watch}?timeoutSeconds=1&${query}`, user && { user })
  return { code: asked.code, lines: asked.code === 200 ? linesOf(asked.text) : [] }
}

const named = ({ type, object }: Line) =>
  `${type} ${object.resource ?? ''}/${object.object?.metadata.name ?? ''}`

/** An api to which things of two kinds happened by turns; where that began. */
async function changedApi(start: Parameters<typeof startedApi>[0] = {}) {
  const api = await startedApi(start)
  const since = String(api.ports.objects.position)
  await api.ask('POST', inDefault('configmaps'), { body: configMap('a') })
  await api.ask('POST', inDefault('deployments'), { body: deployment('web') })
  await api.ask('PATCH', `${inDefault('configmaps')}/a`, {
    ...{ type: 'application/merge-patch+json', body: { data: { k: 'w' } } },
  })
  await api.ask('POST', inDefault('secrets'), { body: { metadata: { name: 'unwatched' } } })
  await api.ask('DELETE', `${inDefault('deployments')}/web`)
  await api.ask('DELETE', `${inDefault('configmaps')}/a`)
  await api.ports.reader.waitForHead(1000)
  return { api, since }
}

const inOrder = [
  'BOOKMARK /',
  'ADDED configmaps/a',
  'ADDED deployments.apps/web',
  'MODIFIED configmaps/a',
  'DELETED deployments.apps/web',
  'DELETED configmaps/a',
]

test('one stream tells of several kinds in the one order of the log, after any position', async (t) => {
  const { api, since } = await changedApi()
  t.after(api.close)
  const { lines } = await watched(api, `${resources}&namespace=default&resourceVersion=${since}`)
  assert.deepEqual(lines.map(named), inOrder)
  const [bookmark, first] = lines
  assert.equal(bookmark?.object.metadata?.resourceVersion, since)
  assert.deepEqual(first?.object.cells.slice(0, 2), ['a', 1])
  const versions = lines.map(({ object }) => BigInt(object.object?.metadata.resourceVersion ?? 0))
  assert.deepEqual(
    versions,
    versions.toSorted((a, b) => (a < b ? -1 : 1)),
  )
  const third = lines[2]?.object.object.metadata.resourceVersion
  const later = await watched(api, `${resources}&resourceVersion=${third}`)
  assert.deepEqual(later.lines.map(named).slice(1), inOrder.slice(3))
})

test('what is forgotten is told from the log, in the same order', async (t) => {
  const { api: first, since } = await changedApi()
  t.after(first.close)
  // Another api over the same log began after all of it.
  const api = await startedApi({ over: first.ports.log })
  t.after(api.close)
  const { lines } = await watched(api, `${resources}&namespace=default&resourceVersion=${since}`)
  assert.deepEqual(lines.map(named), inOrder)
})

test('what has no namespace is told beside what is in the one that was asked for', async (t) => {
  const { api, since } = await changedApi()
  t.after(api.close)
  await api.ask('POST', '/api/v1/namespaces', { body: { metadata: { name: 'shop' } } })
  await api.ask('POST', '/api/v1/namespaces/shop/configmaps', { body: configMap('there') })
  const query = `resources=configmaps,namespaces&namespace=default&resourceVersion=${since}`
  const names = (await watched(api, query)).lines.map(named)
  assert.ok(names.includes('ADDED namespaces/shop'))
  assert.ok(names.includes('ADDED configmaps/a') && !names.includes('ADDED configmaps/there'))
})

test('each kind is authorized as its own watch, and what makes no sense is refused', async (t) => {
  const { api } = await changedApi({
    authorizer: (asked) =>
      'resource' in asked && asked.resource.plural === 'configmaps' ? 'allowed' : 'denied',
  })
  t.after(api.close)
  const user = { name: 'bob', groups: [] }
  assert.equal((await watched(api, 'resources=configmaps&namespace=default', user)).code, 200)
  assert.equal((await watched(api, `${resources}&namespace=default`, user)).code, 403)
  assert.equal((await watched(api, 'resources=nothings')).code, 404)
  assert.equal((await watched(api, '')).code, 400)
})
