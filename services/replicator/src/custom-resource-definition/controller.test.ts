import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { createObject, deleteObject } from '@reckon/writing'
import { byAda, startedCluster } from '../cluster.fixture.ts'
import { replicateTerm } from '../replicate-term.ts'

const definition = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'widgets.example.org' },
  spec: {
    group: 'example.org',
    scope: 'Namespaced',
    names: { plural: 'widgets', kind: 'Widget' },
    versions: [
      { name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: { type: 'object' } } },
    ],
  },
}

const widgetsId = 'widgets.example.org'

async function clusterWithWidgets(t: TestContext) {
  const cluster = await startedCluster(t)
  const { ports } = cluster
  cluster.start((signal) => replicateTerm(ports, signal))
  await cluster.create(definition)
  const resource = ports.objects.resources.named(widgetsId)
  assert.ok(resource)
  const create = async (name: string, metadata: object = {}) => {
    const object = {
      ...{ apiVersion: 'example.org/v1', kind: 'Widget' },
      metadata: { name, namespace: 'shop', ...metadata },
    }
    const { stored } = await createObject(ports, { resource, object, origin: byAda })
    await ports.reader.waitFor(stored.position, 1000)
    return stored.object
  }
  return { ...cluster, create, count: () => ports.objects.count(resource) }
}

test('a definition that is deleted goes with every object of its kind, then itself', async (t) => {
  const cluster = await clusterWithWidgets(t)
  await cluster.create('a')
  await cluster.create('b')
  await cluster.remove('CustomResourceDefinition', widgetsId)
  const { resources } = cluster.ports.objects
  await cluster.until('nothing is left', () => resources.named(widgetsId) === undefined)
  assert.equal(cluster.count(), 0)
})

test('what a custom object owns goes with it, and all go with their namespace', async (t) => {
  const cluster = await clusterWithWidgets(t)
  const { metadata } = await cluster.create('owner')
  const owner = { apiVersion: 'example.org/v1', kind: 'Widget', name: 'owner', uid: metadata.uid }
  await cluster.create('owned', { ownerReferences: [owner] })
  await cluster.create('other')
  const resource = cluster.ports.objects.resources.named(widgetsId)
  assert.ok(resource)
  const target = { resource, namespace: 'shop', name: 'owner' }
  await deleteObject(cluster.ports, { target, origin: byAda })
  await cluster.until('the owned one is gone', () => cluster.count() === 1)
  await cluster.remove('Namespace', 'shop')
  await cluster.until('the other is gone', () => cluster.count() === 0)
})
