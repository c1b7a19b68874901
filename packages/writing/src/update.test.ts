import assert from 'node:assert/strict'
import { test } from 'node:test'
import { changesBetweenFullStates } from '@reckon/domain'
import { type KubernetesObject, resourceNamed } from '@reckon/kubernetes'
import { signingRequest } from '@reckon/kubernetes/fixture'
import { type Change, changeObject, wouldChange } from './change-object.ts'
import { byAda, configMap, foundedCluster, pod } from './cluster.fixture.ts'
import { createObject, wouldCreate } from './create-object.ts'
import { deleteObject, wouldDelete } from './delete-object.ts'
import { finalizeNamespace } from './finalize-namespace.ts'
import { isGone, positionOf } from './written.ts'

const deployment = (spec: object = {}): KubernetesObject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web', namespace: 'default' },
  spec: {
    replicas: 1,
    selector: { matchLabels: { app: 'web' } },
    template: {
      metadata: { labels: { app: 'web' } },
      spec: { containers: [{ name: 'c', image: 'busybox' }] },
    },
    ...spec,
  },
})
const target = (id: string, name = 'web') => ({
  resource: resourceNamed(id),
  namespace: 'default',
  name,
})

/** A cluster with one object, and how that is changed. */
async function clusterWith(id: string, object: KubernetesObject) {
  const cluster = await foundedCluster()
  await cluster.create(id, object)
  await cluster.catchUp()
  const of = { target: target(id, object.metadata.name), origin: byAda }
  const change = (make: Change['change'], rest: Partial<Change> = {}) =>
    changeObject(cluster.ports, { ...of, change: make, ...rest })
  const remove = (rest = {}) => deleteObject(cluster.ports, { ...of, ...rest })
  return { ...cluster, of, change, remove }
}
const withMetadata = (metadata: object) => (object: KubernetesObject) => ({
  ...object,
  metadata: { ...object.metadata, ...metadata },
})

test('generation counts what was asked for, not what became of it', async () => {
  const { change } = await clusterWith('deployments.apps', deployment())
  const labelled = await change(withMetadata({ labels: { a: 'b' } }))
  assert.equal(labelled.stored.object.metadata.generation, 1)
  const scaled = await change((object) => ({
    ...object,
    spec: { ...(object.spec as object), replicas: 2 },
  }))
  assert.equal(scaled.stored.object.metadata.generation, 2)
  const plain = await clusterWith('configmaps', configMap('a'))
  assert.ok(
    !(
      'generation' in
      (await plain.change(withMetadata({ labels: { a: 'b' } }))).stored.object.metadata
    ),
  )
})

for (const field of ['name', 'namespace', 'uid']) {
  test(`an object’s ${field} never changes`, async () => {
    const { change } = await clusterWith('configmaps', configMap('a'))
    await assert.rejects(change(withMetadata({ [field]: 'other' })), {
      reason: 'Invalid',
      message: new RegExp(`metadata.${field}: Invalid value: "other": field is immutable`),
    })
  })
}

test('who leaves name and uid unsaid means those that are there', async () => {
  const { change } = await clusterWith('configmaps', configMap('a'))
  const written = await change((object) => ({
    ...object,
    data: { k: 'v' },
    metadata: { name: 'a', namespace: 'default' },
  }))
  assert.ok(written.stored.object.metadata.uid)
  assert.equal(written.stored.object.metadata.creationTimestamp, '2026-11-21T00:00:00Z')
})

test('nobody makes an object terminate by saying so', async () => {
  const { change } = await clusterWith('configmaps', configMap('a'))
  const marks = { deletionTimestamp: '2026-01-01T00:00:00Z', deletionGracePeriodSeconds: 1 }
  assert.equal((await change(withMetadata(marks))).event, undefined)
})

test('status changes by its own subresource, and by no other', async () => {
  const { change } = await clusterWith('deployments.apps', deployment())
  const ready = (object: KubernetesObject) => ({ ...object, status: { readyReplicas: 1 } })
  assert.equal((await change(ready)).event, undefined)
  const written = await change((object) => ({ ...ready(object), spec: {} }), {
    subresource: 'status',
  })
  assert.equal(written.event?.type, 'DeploymentStatusChanged')
  assert.deepEqual(written.stored.object.status, { readyReplicas: 1 })
  assert.equal((written.stored.object.spec as { replicas: number }).replicas, 1)
  const labelled = await change(withMetadata({ labels: { a: 'b' } }))
  assert.deepEqual(labelled.stored.object.status, { readyReplicas: 1 })
  const unsaid = await change(({ status: _, ...object }) => object as KubernetesObject, {
    subresource: 'status',
  })
  assert.equal(unsaid.event?.type, 'DeploymentStatusChanged')
  assert.equal('status' in unsaid.stored.object, false)
  assert.deepEqual(unsaid.stored.object.metadata.labels, { a: 'b' })
})

test('a status that is none of its kind is refused', async () => {
  const { change } = await clusterWith('pods', pod('web'))
  const broken = (object: KubernetesObject) => ({ ...object, status: { phase: 'Sleeping' } })
  await assert.rejects(change(broken, { subresource: 'status' }), { reason: 'Invalid' })
})

test('a status of old that is none of its kind any more is refused to nobody who leaves it as it is', async () => {
  const { ports, log, catchUp } = await foundedCluster()
  const { metadata, ...old } = pod('old')
  const object = { ...old, metadata: { ...metadata, uid: 'old' }, status: { phase: 'Sleeping' } }
  const by = { ...byAda, time: '', $correlationId: 'c' }
  const created = { id: ports.ids.next(), type: 'PodCreated', data: { object }, metadata: by }
  await log.append('pods-default/old', 'NoStream', [created])
  await catchUp()
  const of = { target: target('pods', 'old'), subresource: 'status', origin: byAda } as const
  const same = await changeObject(ports, { ...of, change: (it) => it })
  assert.equal(same.event, undefined)
})

test('what the kind does not allow is neither created nor changed', async () => {
  const { change, create } = await clusterWith('deployments.apps', deployment())
  await assert.rejects(create('deployments.apps', deployment({ replicas: -1 })), {
    reason: 'Invalid',
  })
  const broken = (object: KubernetesObject) => ({
    ...object,
    spec: { ...(object.spec as object), replicas: -1 },
  })
  await assert.rejects(change(broken), { reason: 'Invalid' })
})

test('what the kind fixes at creation stays', async () => {
  const { change } = await clusterWith('pods', pod('web'))
  const other = { containers: [{ name: 'c', image: 'busybox', command: ['sh'] }] }
  await assert.rejects(
    change((object) => ({ ...object, spec: { ...(object.spec as object), ...other } })),
    { reason: 'Invalid', message: /pod updates may not change/ },
  )
})

test('a change gives no rights that its writer has not got', async () => {
  const role = {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRole',
    metadata: { name: 'reader' },
    rules: [],
  }
  const { of, change } = await clusterWith('clusterroles.rbac.authorization.k8s.io', role)
  const rules = [{ apiGroups: [''], resources: ['secrets'], verbs: ['get'] }]
  const actor = { user: 'ada', groups: ['system:authenticated'] }
  const target = { ...of.target, namespace: '' }
  const more = change((object) => ({ ...object, rules }), { target, origin: { ...byAda, actor } })
  await assert.rejects(more, { reason: 'Forbidden' })
})

test('an object ends with the last finalizer once its deletion was asked for, and not before', async () => {
  const { change, remove } = await clusterWith('configmaps', configMap('a'))
  await change(withMetadata({ finalizers: ['x.io/a', 'x.io/b'] }))
  assert.ok(!isGone(await change(withMetadata({ finalizers: ['x.io/a'] }))))
  const removed = await remove()
  assert.ok(!isGone(removed))
  assert.deepEqual(removed.stored.object.metadata.finalizers, ['x.io/a'])
  assert.ok(!isGone(await change(withMetadata({ labels: { a: 'b' } }))))
  const ended = await change(withMetadata({ finalizers: [] }))
  assert.ok(isGone(ended))
  assert.equal(positionOf(ended), ended.event?.position)
})

test('an object that is not to terminate does not end with its finalizers', async () => {
  const { change } = await clusterWith('configmaps', configMap('a'))
  await change(withMetadata({ finalizers: ['x.io/a'] }))
  const freed = await change(withMetadata({ finalizers: [] }))
  assert.ok(!isGone(freed))
})

test('where nothing was left to do, the position is that of the object', async () => {
  const { change } = await clusterWith('configmaps', configMap('a'))
  const same = await change((object) => object)
  assert.equal(positionOf(same), same.stored.position)
  assert.ok(!isGone(same))
})

test('how dependents are to end is a finalizer, named once', async () => {
  for (const [propagationPolicy, finalizer] of [
    ['Foreground', 'foregroundDeletion'],
    ['Orphan', 'orphan'],
  ]) {
    const { remove } = await clusterWith('configmaps', configMap('a'))
    await remove({ propagationPolicy })
    const { stored, event } = await remove({ propagationPolicy })
    assert.deepEqual([stored.object.metadata.finalizers, event], [[finalizer], undefined])
  }
})

test('a pod that terminates has no finalizers unless it had some', async () => {
  const { change, remove } = await clusterWith('pods', pod('web'))
  await change((object) => ({ ...object, spec: { ...(object.spec as object), nodeName: 'n' } }), {
    subresource: 'binding',
  })
  const { stored } = await remove({ gracePeriodSeconds: 5 })
  assert.ok(!('finalizers' in stored.object.metadata))
  assert.equal(stored.object.metadata.deletionGracePeriodSeconds, 5)
})

test('a namespace ends when it terminates, and is left alone before', async () => {
  const { ports, create } = await foundedCluster()
  await create('namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'team' } })
  const finalize = () => finalizeNamespace(ports, { name: 'team', origin: byAda })
  assert.equal((await finalize()).event, undefined)
  const namespaces = { ...target('namespaces', 'team'), namespace: '' }
  await deleteObject(ports, { target: namespaces, origin: byAda })
  assert.ok(isGone(await finalize()))
})

test('a namespace without content goes on where somebody holds it by a finalizer of its metadata', async () => {
  const { ports, create } = await foundedCluster()
  const metadata = { name: 'team', finalizers: ['a.test/own'] }
  await create('namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata })
  const namespaces = { ...target('namespaces', 'team'), namespace: '' }
  await deleteObject(ports, { target: namespaces, origin: byAda })
  const finalized = await finalizeNamespace(ports, { name: 'team', origin: byAda })
  assert.deepEqual([isGone(finalized), finalized.event?.type], [false, 'NamespaceChanged'])
})

test('a dry run records nothing, and refuses what would be refused', async () => {
  const { ports, of, objects, catchUp } = await clusterWith('configmaps', configMap('a'))
  const before = objects.position
  const resource = resourceNamed('configmaps')
  const creation = { resource, object: configMap('b'), origin: byAda }
  assert.ok((await wouldCreate(ports, creation)).object.metadata.uid)
  await assert.rejects(wouldCreate(ports, { ...creation, object: configMap('a') }), {
    reason: 'AlreadyExists',
  })
  const changed = await wouldChange(ports, {
    ...of,
    change: (object) => ({ ...object, data: { k: 'v' } }),
  })
  assert.ok(!('deletionTimestamp' in changed.object.metadata))
  assert.deepEqual([changed.object.data, changed.isGone], [{ k: 'v' }, false])
  assert.ok((await wouldDelete(ports, of)).isGone)
  await catchUp()
  assert.equal(objects.position, before)
})

test('an object that has no status gets none by a change', async () => {
  const { ports, of } = await clusterWith('deployments.apps', deployment())
  const dryRun = await wouldChange(ports, { ...of, change: withMetadata({ labels: { a: 'b' } }) })
  assert.ok(!('status' in dryRun.object))
})

test('the status that a new object brings counts only where its writer may say it', async () => {
  const { ports } = await foundedCluster()
  const object = { ...deployment(), status: { readyReplicas: 1 } }
  const creation = { resource: resourceNamed('deployments.apps'), object, origin: byAda }
  assert.equal((await wouldCreate(ports, creation)).object.status, undefined)
  const status = { capacity: { cpu: '4' } }
  const node = {
    ...{ apiVersion: 'v1', kind: 'Node', metadata: { name: 'n' } },
    ...{ spec: {}, status },
  }
  const kept = await wouldCreate(ports, {
    ...{ resource: resourceNamed('nodes'), object: node, origin: byAda },
  })
  assert.deepEqual(kept.object.status, { capacity: { cpu: '4' }, allocatable: { cpu: '4' } })
})

test('a name that is drawn keeps what it was drawn from', async () => {
  const { ports } = await foundedCluster()
  const object = {
    ...configMap(''),
    metadata: { generateName: 'web-', namespace: 'default', name: '' },
  }
  const creation = { resource: resourceNamed('configmaps'), object, origin: byAda }
  const { stored } = await createObject(ports, creation)
  assert.match(stored.object.metadata.name, /^web-/)
  assert.equal(stored.object.metadata.generateName, 'web-')
  const named = await createObject(ports, { ...creation, object: configMap('a') })
  assert.ok(!('generateName' in named.stored.object.metadata))
})

test('an object that is not there is neither changed nor deleted', async () => {
  const { ports } = await foundedCluster()
  const of = { target: target('configmaps', 'none'), origin: byAda }
  await assert.rejects(changeObject(ports, { ...of, change: (object) => object }), {
    reason: 'NotFound',
  })
  await assert.rejects(deleteObject(ports, of), { reason: 'NotFound' })
})

test('a change that names an event that the kind does not have is a bug of ours', async () => {
  const { change } = await clusterWith('configmaps', configMap('a'))
  const scaled = change((object) => ({ ...object, data: { k: 'v' } }), {
    recordedAs: { type: 'ConfigMapScaled' },
  })
  await assert.rejects(scaled, /ConfigMap has no ConfigMapScaled/)
})

const managed = {
  ...{ manager: 'kubectl', operation: 'Apply', apiVersion: 'v1', time: '2026-01-01T00:00:00Z' },
  ...{ fieldsType: 'FieldsV1', fieldsV1: { 'f:data': { 'f:a': {} } } },
}

/** An object that was applied, and who manages it after a change. */
async function clusterWithApplied() {
  const { change, ...rest } = await clusterWith('configmaps', configMap('a', { a: '1' }))
  await change(withMetadata({ managedFields: [managed] }))
  const managers = (object: KubernetesObject) =>
    object.metadata.managedFields?.map(({ manager }) => manager)
  const managersAfter = async (metadata: object) =>
    managers((await change(withMetadata(metadata))).stored.object)
  return { ...rest, change, managers, managersAfter }
}

test('who leaves the managers of an object unsaid means those that are there', async () => {
  const { managersAfter } = await clusterWithApplied()
  const [manager] = (await managersAfter({ labels: { x: 'y' }, managedFields: undefined })) ?? []
  assert.equal(manager, 'kubectl')
})

test('who empties the managers of an object wants nobody to be remembered', async () => {
  for (const managedFields of [[{}], []]) {
    const { managersAfter } = await clusterWithApplied()
    assert.equal(await managersAfter({ managedFields }), undefined)
  }
})

test('who names other managers is believed', async () => {
  const { managersAfter } = await clusterWithApplied()
  assert.deepEqual(await managersAfter({ managedFields: [{ ...managed, manager: 'helm' }] }), [
    'helm',
  ])
})

test('a change that is only tried names its manager as the real one would', async () => {
  const { ports, of, managers } = await clusterWithApplied()
  const tried = async (data: object) =>
    managers(
      (await wouldChange(ports, { ...of, change: (object) => ({ ...object, data }) })).object,
    )
  assert.deepEqual(await tried({ a: '1' }), ['kubectl'])
  assert.deepEqual(await tried({ a: '1', b: '2' }), ['kubectl', 'ada'])
})

test('who makes the change with which an object is recorded whole manages it as well', async () => {
  const { change, managers } = await clusterWithApplied()
  const set = (n: number, user: string) =>
    change((object) => ({ ...object, data: { a: '1', [user]: `${n}` } }), {
      origin: { actor: { user }, verb: 'test' },
    })
  // The apply was the first change.
  for (let n = 2; n < changesBetweenFullStates; n++) await set(n, 'ada')
  const { stored } = await set(changesBetweenFullStates, 'jane')
  assert.equal(stored.changes, 0)
  assert.deepEqual(managers(stored.object), ['kubectl', 'jane'])
})

test('with its status an object’s labels and annotations are written, and no other metadata', async () => {
  const { change } = await clusterWith('nodes', {
    ...{ apiVersion: 'v1', kind: 'Node', metadata: { name: 'web' }, spec: {} },
  })
  const write = async (metadata: object) =>
    (await change(withMetadata(metadata), { subresource: 'status' })).stored.object.metadata
  const written = await write({ labels: { a: 'b' }, finalizers: ['own/x'] })
  assert.deepEqual([written.labels, written.finalizers], [{ a: 'b' }, undefined])
  const { labels } = await write({ labels: undefined })
  assert.equal(labels, undefined)
})

test('what a status says is admitted as everything else is', async () => {
  const object = { ...signingRequest(), metadata: { name: 'web' } }
  const { change } = await clusterWith('certificatesigningrequests.certificates.k8s.io', object)
  const conditions = [{ type: 'Failed', status: 'True', reason: 'Why', message: 'so' }]
  const fail = (before: KubernetesObject) => ({ ...before, status: { conditions } })
  const origin = { actor: { user: 'jane', groups: ['system:authenticated'] }, verb: 'update' }
  await assert.rejects(change(fail, { subresource: 'status', origin }), {
    reason: 'Forbidden',
    message: /not permitted to sign/,
  })
})

test('containers for a look inside are added to a pod by their own door only, and checked there', async () => {
  const { change } = await clusterWith('pods', pod('web'))
  const looking = (name: string) => (object: KubernetesObject) => {
    const ephemeralContainers = [{ name, image: 'busybox' }]
    return { ...object, spec: { ...Object(object.spec), ephemeralContainers } }
  }
  const subresource = 'ephemeralcontainers'
  await assert.rejects(change(looking('look')), { reason: 'Invalid' })
  await assert.rejects(change(looking('c'), { subresource }), { reason: 'Invalid' })
  const { stored } = await change(looking('look'), { subresource })
  assert.equal(Object(stored.object.spec).ephemeralContainers.length, 1)
})

test('who approves a request for a certificate says that it is approved, and nothing else', async () => {
  const object = { ...signingRequest(), metadata: { name: 'web' } }
  const { change } = await clusterWith('certificatesigningrequests.certificates.k8s.io', object)
  const conditions = [{ type: 'Approved', status: 'True', reason: 'Why', message: 'so' }]
  const { stored } = await change(
    (before) => ({
      ...before,
      spec: { ...Object(before.spec), signerName: 'example.com/other' },
      status: { conditions, certificate: 'eA==' },
    }),
    { subresource: 'approval' },
  )
  assert.deepEqual(stored.object.status, { conditions })
  assert.equal(Object(stored.object.spec).signerName, object.spec.signerName)
})
