import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Objects, type StoredObject } from '@reckon/domain'
import { type SnapshotStore, snapshotRecords, witnessOf } from '@reckon/eventing'
import { createMemoryEventLog, createMemorySnapshots } from '@reckon/eventing/memory'
import { clusterRoles, configMaps, parseLabelSelector, type Resource } from '@reckon/kubernetes'
import { systemClock as clock } from '@reckon/process'
import { foldSaved } from './fold-saved.ts'

const never = new AbortController().signal

/** A log whose middle a snapshot is of, and the view at its end. */
async function recorded() {
  const [log, objects, snapshots] = [createMemoryEventLog(), new Objects(), createMemorySnapshots()]
  let count = 0
  const tell = async (stream: string, type: string, data: object) => {
    const metadata = { actor: { user: 'ada' }, verb: 'patch', time: '2026-01-01T00:00:00.000Z' }
    const id = `e${count++}`
    await log.append(stream, 'Any', [
      { id, type, data, metadata: { ...metadata, $correlationId: id } },
    ])
  }
  const created = (kind: string, name: string, namespace?: string, app = 'web') =>
    ({
      object: {
        kind,
        apiVersion: kind === 'ConfigMap' ? 'v1' : 'rbac.authorization.k8s.io/v1',
        metadata: { name, ...(namespace && { namespace }), labels: { app } },
      },
    }) as const
  for (const name of ['c', 'a', 'b']) {
    await tell(
      `configmaps-shop/${name}`,
      'ConfigMapCreated',
      created('ConfigMap', name, 'shop', name),
    )
  }
  await tell('configmaps-shop-2/a', 'ConfigMapCreated', created('ConfigMap', 'a', 'shop-2'))
  const quoted = 'says "object":["configmaps-shop/a"'
  await tell(
    `clusterroles.rbac.authorization.k8s.io-/${quoted}`,
    'ClusterRoleCreated',
    created('ClusterRole', quoted),
  )
  let last: Parameters<typeof witnessOf>[0] | undefined
  for await (const event of log.readAll()) {
    objects.apply(event)
    last = event
  }
  assert.ok(last)
  const records = snapshotRecords([objects])
  await snapshots.save('s', { witnesses: [witnessOf(last)], projections: 1, records })
  const patch = [{ op: 'add', path: '/data', value: { k: 'v' } }]
  await tell('configmaps-shop/b', 'ConfigMapChanged', { patch })
  await tell('configmaps-shop/c', 'ConfigMapDeleted', { patch: [] })
  await tell('configmaps-shop/d', 'ConfigMapCreated', created('ConfigMap', 'd', 'shop'))
  for await (const event of log.readAll({ after: last.position })) objects.apply(event)
  const list = (
    resource: Resource,
    range: { namespace?: string; after?: string; labels?: ReturnType<typeof parseLabelSelector> },
    store: SnapshotStore = snapshots,
  ) =>
    foldSaved(
      objects,
      { log, clock, snapshots: { store, name: 's' } },
      {
        resource,
        range,
        position: objects.position ?? 0n,
        signal: never,
      },
    )
  return { objects, list, snapshots }
}

test('what changed since a snapshot is folded over it, and the rest is the very JSON that it has', async () => {
  const { objects, list } = await recorded()
  for (const [resource, range] of [
    [configMaps, {}],
    [configMaps, { namespace: 'shop' }],
    [configMaps, { namespace: 'shop', after: 'shop a' }],
    [configMaps, { namespace: 'shop', labels: parseLabelSelector('app in (a,b)') }],
    [clusterRoles, {}],
  ] as const) {
    const wanted: StoredObject[] = [...objects.scan(resource, range)]
    const found = await list(resource, range)
    assert.ok(wanted.length > 0)
    assert.deepEqual(
      found.map((each) => each.stored()),
      wanted,
    )
    assert.deepEqual(
      found.map(({ json }) => json.toString()),
      wanted.map(({ object }) => JSON.stringify(object)),
    )
  }
})

test('a snapshot whose records are damaged is done without', async () => {
  const { objects, list, snapshots } = await recorded()
  const damaged: SnapshotStore = {
    ...snapshots,
    async loadAt(name, position) {
      const found = await snapshots.loadAt(name, position)
      return found && { ...found, texts: async () => undefined }
    },
  }
  const found = await list(configMaps, { namespace: 'shop' }, damaged)
  assert.deepEqual(
    found.map((each) => each.stored()),
    objects.list(configMaps, 'shop'),
  )
})
