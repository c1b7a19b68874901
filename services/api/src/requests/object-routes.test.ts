import assert from 'node:assert/strict'
import { test } from 'node:test'
import { configMaps, type Resource } from '@reckon/kubernetes'
import { startedApi } from '../api.fixture.ts'

/** A kind as a CustomResourceDefinition would make it. */
const widgets: Resource = {
  ...configMaps,
  group: 'example.org',
  servedVersions: [{ group: 'example.org', version: 'v1' }],
  plural: 'widgets',
  singular: 'widget',
  kind: 'Widget',
  listKind: 'WidgetList',
  shortNames: [],
  validate: () => [],
  validateUpdate: () => [],
  schemas: { 'example.org/v1': { type: 'object', properties: widgetFields() } },
}

function widgetFields() {
  const metadata = {
    $ref: '#/components/schemas/io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta',
  }
  const text = { type: 'string' }
  return { apiVersion: text, kind: text, metadata, size: { type: 'integer', format: 'int32' } }
}

test('a resource that is defined while the api listens is served from then on', async (context) => {
  const api = await startedApi()
  context.after(() => api.close())
  const path = '/apis/example.org/v1/namespaces/default/widgets'
  const widget = { apiVersion: 'example.org/v1', kind: 'Widget', metadata: { name: 'w' }, size: 1 }
  assert.equal((await api.ask('POST', path, { body: widget })).code, 404)
  assert.equal((await api.ask('GET', '/openapi/v3/apis/example.org/v1')).code, 404)
  api.ports.objects.resources.define(widgets)
  assert.equal((await api.ask('POST', path, { body: widget })).code, 201)
  const bigger = { body: { size: 2 }, type: 'application/merge-patch+json' }
  assert.equal((await api.ask('PATCH', `${path}/w`, bigger)).code, 200)
  const { json } = await api.ask('GET', '/apis/example.org/v1/widgets')
  assert.equal(json.kind, 'WidgetList')
  assert.deepEqual(
    json.items.map((item) => (item as unknown as { size: number }).size),
    [2],
  )
  const named = (await api.ask('GET', '/apis/example.org/v1')).json as unknown as {
    resources: { name: string }[]
  }
  assert.deepEqual(
    named.resources.map(({ name }) => name),
    ['widgets'],
  )
  assert.equal((await api.ask('GET', '/openapi/v3/apis/example.org/v1')).code, 200)
  assert.equal((await api.ask('DELETE', `${path}/w`)).code, 200)
})

test('a path names a resource in a shape that it has; others are unknown or refuse the method', async (context) => {
  const api = await startedApi()
  context.after(() => api.close())
  const codeOf = async (method: string, path: string) => (await api.ask(method, path)).code
  assert.equal(await codeOf('GET', '/api/v1/namespaces/default'), 200)
  assert.equal(await codeOf('GET', '/api/v1/namespaces/default/status'), 200)
  assert.equal(await codeOf('GET', '/api/v1/namespaces/default/pods'), 200)
  assert.equal(await codeOf('GET', '/api/v1/namespaces/default/nodes'), 404)
  assert.equal(await codeOf('GET', '/api/v1/nothings'), 404)
  assert.equal(await codeOf('GET', '/apis/apps/v9/deployments'), 404)
  assert.equal(await codeOf('GET', '/api/v1/pods/x'), 404)
  assert.equal(await codeOf('POST', '/api/v1/pods'), 405)
  assert.equal(await codeOf('GET', '/api/v1/namespaces/default/pods/x/eviction'), 405)
  assert.equal(await codeOf('GET', '/api/v1/namespaces/default/pods/x/nothing'), 404)
  assert.equal(await codeOf('GET', '/api/v1/namespaces/default/configmaps/x/status'), 404)
})
