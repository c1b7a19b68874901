import assert from 'node:assert/strict'
import test from 'node:test'
import { deployments } from '../kinds/apps/deployments.ts'
import { configMaps } from '../kinds/core/config-maps.ts'
import { pods } from '../kinds/core/pods.ts'
import { ResourceTable } from '../resource-table.ts'
import { schemaOf } from '../schemas/schemas.ts'
import {
  aggregatedDiscovery,
  apiGroup,
  apiGroupList,
  apiResourceList,
  apiVersions,
} from './discovery.ts'
import { openApiV3, openApiV3Index } from './openapi.ts'

const table = new ResourceTable()
const hash = (stored: string) => `hash of ${stored}`

test('a resource is found by its path, its kind and its name, in every version', () => {
  assert.equal(table.at({ group: 'extensions', version: 'v1beta1' }, 'deployments'), deployments)
  assert.equal(table.ofKind('apps/v1', 'Deployment'), deployments)
  assert.equal(table.at({ group: 'apps', version: 'v1' }, 'pods'), undefined)
  assert.equal(table.ofKind('v1', 'Pod'), pods)
})

test('every kind has a schema in every version, and as many cells as columns', () => {
  for (const resource of table.all) {
    for (const version of resource.servedVersions) assert.ok(schemaOf(version, resource))
    const object = { apiVersion: '', kind: '', metadata: { name: 'x' }, spec: { containers: [] } }
    assert.equal(resource.row(object, new Date(0)).length, resource.columns.length, resource.kind)
  }
})

test('groups, versions and resources are told in the plain form', () => {
  assert.deepEqual(apiVersions().versions, ['v1'])
  assert.deepEqual(
    apiGroupList(table)
      .groups.map(({ name }) => name)
      .sort(),
    [
      'apiextensions.k8s.io',
      'apps',
      'authentication.k8s.io',
      'authorization.k8s.io',
      'autoscaling',
      'batch',
      'certificates.k8s.io',
      'coordination.k8s.io',
      'discovery.k8s.io',
      'events.k8s.io',
      'extensions',
      'metrics.k8s.io',
      'networking.k8s.io',
      'node.k8s.io',
      'policy',
      'rbac.authorization.k8s.io',
      'scheduling.k8s.io',
      'storage.k8s.io',
    ],
  )
  assert.equal(apiGroup(table, 'networking.k8s.io')?.preferredVersion?.version, 'v1')
  assert.equal(apiGroup(table, 'none'), undefined)
  const list = apiResourceList(table, { group: '', version: 'v1' }, hash)
  const byName = new Map(list?.resources.map((resource) => [resource.name, resource]))
  assert.equal(byName.get('pods/eviction')?.kind, 'Eviction')
  assert.deepEqual(
    list?.resources
      .flatMap((each) => ('storageVersionHash' in each ? [each] : []))
      .find(({ name }) => name === 'pods')?.storageVersionHash,
    'hash of /v1/Pod',
  )
  assert.deepEqual(byName.get('pods/log')?.verbs, ['get'])
  assert.ok(byName.get('pods')?.verbs.includes('deletecollection'))
  assert.ok(!byName.get('namespaces')?.verbs.includes('deletecollection'))
  assert.equal(apiResourceList(table, { group: 'none', version: 'v1' }, hash), undefined)
})

test('the aggregated form says the same, in both versions', () => {
  const core = aggregatedDiscovery(table, 'core', 'v2')
  assert.equal(core.apiVersion, 'apidiscovery.k8s.io/v2')
  const pods = core.items[0]?.versions[0]?.resources.find(({ resource }) => resource === 'pods')
  assert.equal(pods?.scope, 'Namespaced')
  assert.deepEqual(
    aggregatedDiscovery(table, 'groups', 'v2beta1').items.length,
    table.groups.size - 1,
  )
})

test('only the own group of a kind tells its short names', () => {
  const old = apiResourceList(table, { group: 'extensions', version: 'v1beta1' }, hash)
  assert.ok(
    old?.resources.every((resource) => !('shortNames' in resource) && !('categories' in resource)),
  )
})

test('the OpenAPI documents say what kubectl looks for', () => {
  const { paths } = openApiV3Index(table, ({ version }) => `hash-${version}`)
  assert.equal(paths['apis/apps/v1']?.serverRelativeURL, '/openapi/v3/apis/apps/v1?hash=hash-v1')
  const text = JSON.stringify(openApiV3(table, { group: 'apps', version: 'v1' }))
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
  assert.equal(openApiV3(table, { group: 'apps', version: 'v9' }), undefined)
})

test('a resource that is defined later is found as all others, until it is withdrawn', () => {
  const later = new ResourceTable()
  const before = later.changes
  const widgets = {
    ...configMaps,
    ...widgetNames,
    schemas: { 'example.org/v1': {} },
  }
  later.define(widgets)
  assert.equal(later.named('widgets.example.org'), widgets)
  assert.equal(later.ofKind('example.org/v1', 'Widget'), widgets)
  assert.equal(apiGroup(later, 'example.org')?.preferredVersion?.version, 'v1')
  assert.ok(openApiV3(later, { group: 'example.org', version: 'v1' }))
  assert.ok(later.changes > before)
  later.withdraw('widgets.example.org')
  assert.equal(later.ofKind('example.org/v1', 'Widget'), undefined)
  assert.equal(table.named('widgets.example.org'), undefined)
})

const widgetNames = {
  group: 'example.org',
  servedVersions: [{ group: 'example.org', version: 'v1' }],
  plural: 'widgets',
  singular: 'widget',
  kind: 'Widget',
  listKind: 'WidgetList',
}
