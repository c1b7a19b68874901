import assert from 'node:assert/strict'
import test from 'node:test'
import {
  aggregatedDiscovery,
  apiGroup,
  apiGroupList,
  apiResourceList,
  apiVersions,
  servedGroups,
} from './discovery.ts'
import { openApiV3, openApiV3Index } from './openapi.ts'
import { findResource, resourceNamed, resourceOfKind, resources } from './resources.ts'
import { schemaOf } from './schemas.ts'

test('a resource is found by its path, its kind and its name, in every version', () => {
  const deployments = resourceNamed('deployments.apps')
  assert.equal(findResource('extensions', 'v1beta1', 'deployments'), deployments)
  assert.equal(resourceOfKind('apps/v1', 'Deployment'), deployments)
  assert.equal(findResource('apps', 'v1', 'pods'), undefined)
  assert.equal(resourceOfKind('v1', 'Pod'), resourceNamed('pods'))
})

test('every kind has a schema in every version, and as many cells as columns', () => {
  for (const resource of resources) {
    for (const version of resource.servedVersions) assert.ok(schemaOf(version, resource.kind))
    const object = { apiVersion: '', kind: '', metadata: { name: 'x' }, spec: { containers: [] } }
    assert.equal(resource.row(object, new Date(0)).length, resource.columns.length, resource.kind)
  }
})

test('groups, versions and resources are told in the plain form', () => {
  assert.deepEqual(apiVersions().versions, ['v1'])
  assert.deepEqual(
    apiGroupList()
      .groups.map(({ name }) => name)
      .sort(),
    ['apps', 'discovery.k8s.io', 'extensions', 'networking.k8s.io'],
  )
  assert.equal(apiGroup('networking.k8s.io')?.preferredVersion?.version, 'v1')
  assert.equal(apiGroup('none'), undefined)
  const list = apiResourceList({ group: '', version: 'v1' })
  const byName = new Map(list?.resources.map((resource) => [resource.name, resource]))
  assert.equal(byName.get('pods/eviction')?.kind, 'Eviction')
  assert.deepEqual(byName.get('pods/log')?.verbs, ['get'])
  assert.equal(apiResourceList({ group: 'none', version: 'v1' }), undefined)
})

test('the aggregated form says the same, in both versions', () => {
  const core = aggregatedDiscovery('core', 'v2')
  assert.equal(core.apiVersion, 'apidiscovery.k8s.io/v2')
  const pods = core.items[0]?.versions[0]?.resources.find(({ resource }) => resource === 'pods')
  assert.equal(pods?.scope, 'Namespaced')
  assert.deepEqual(aggregatedDiscovery('groups', 'v2beta1').items.length, servedGroups().size - 1)
})

test('only the own group of a kind tells its short names', () => {
  const old = apiResourceList({ group: 'extensions', version: 'v1beta1' })
  assert.ok(
    old?.resources.every((resource) => !('shortNames' in resource) && !('categories' in resource)),
  )
})

test('the OpenAPI documents say what kubectl looks for', () => {
  const { paths } = openApiV3Index(({ version }) => `hash-${version}`)
  assert.equal(paths['apis/apps/v1']?.serverRelativeURL, '/openapi/v3/apis/apps/v1?hash=hash-v1')
  const text = JSON.stringify(openApiV3({ group: 'apps', version: 'v1' }))
  const document = JSON.parse(text)
  const { patch } = document.paths['/apis/apps/v1/namespaces/{namespace}/deployments/{name}']
  assert.ok(patch.parameters.some(({ name }: { name: string }) => name === 'fieldValidation'))
  assert.ok('application/strategic-merge-patch+json' in patch.requestBody.content)
  const { schemas } = document.components
  assert.deepEqual(schemas['io.k8s.api.apps.v1.Deployment']['x-kubernetes-group-version-kind'], [
    { group: 'apps', version: 'v1', kind: 'Deployment' },
  ])
  for (const [, name = ''] of text.matchAll(/"#\/components\/schemas\/([^"]+)"/g))
    assert.ok(name in schemas, name)
  assert.equal(openApiV3({ group: 'apps', version: 'v9' }), undefined)
})
