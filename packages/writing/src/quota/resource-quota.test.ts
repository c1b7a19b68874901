import assert from 'node:assert/strict'
import { test } from 'node:test'
import { quotaStream } from '@reckon/domain'
import type { EventLog } from '@reckon/eventing'
import {
  isRefusal,
  type KubernetesObject,
  type PersistentVolumeClaim,
  persistentVolumeClaims,
  pods,
  type Resource,
  services,
} from '@reckon/kubernetes'
import { changeObject } from '../change-object.ts'
import { byAda, foundedCluster, pod, service } from '../cluster.fixture.ts'
import { createObject, wouldCreate } from '../create-object.ts'
import { deleteObject } from '../delete-object.ts'
import { watched } from '../watched.fixture.ts'
import { WriterView } from '../writer-view.ts'

type Cluster = Awaited<ReturnType<typeof foundedCluster>>

const quota = (name: string, hard: Record<string, string>, spec = {}): KubernetesObject => ({
  apiVersion: 'v1',
  kind: 'ResourceQuota',
  metadata: { name, namespace: 'default' },
  spec: { hard, ...spec },
})

async function bounded(...quotas: readonly KubernetesObject[]): Promise<Cluster> {
  const cluster = await foundedCluster()
  for (const each of quotas) await cluster.create('resourcequotas', each)
  await cluster.catchUp()
  return cluster
}

const creationOf = (object: KubernetesObject, resource: Resource = pods) => ({
  resource,
  object,
  origin: byAda,
})
const asking = (name: string, requests: Record<string, string>): KubernetesObject => ({
  ...pod(name),
  spec: { containers: [{ name: 'c', image: 'i', resources: { requests } }] },
})
const target = { resource: pods, namespace: 'default', name: 'a' }

test('what a quota bounds is refused beyond it, in the words of upstream', async () => {
  const { ports } = await bounded(quota('few', { pods: '1', 'requests.memory': '1Gi' }))
  await createObject(ports, creationOf(asking('a', { memory: '1Gi' })))
  await assert.rejects(createObject(ports, creationOf(asking('b', { memory: '1Mi' }))), {
    reason: 'Forbidden',
    message:
      'pods "b" is forbidden: exceeded quota: few, requested: pods=1,requests.memory=1Mi, used: pods=1,requests.memory=1Gi, limited: pods=1,requests.memory=1Gi',
  })
  await assert.rejects(createObject(ports, creationOf(pod('c'))), {
    message: 'pods "c" is forbidden: failed quota: few: must specify requests.memory for: c',
  })
  await assert.rejects(wouldCreate(ports, creationOf(asking('d', { memory: '0' }))), {
    message: /^pods "d" is forbidden: exceeded quota: few, requested: pods=1, used: pods=1, /,
  })
})

test('of two processes that create at once no more than allowed come through, and nothing stays claimed', async () => {
  const { ports, objects, catchUp } = await bounded(quota('few', { 'count/pods': '5' }))
  const other = { ...ports, known: new WriterView(objects) }
  const created = await Promise.allSettled(
    Array.from({ length: 40 }, (_, n) =>
      createObject(n % 2 ? ports : other, creationOf(pod(`pod-${n}`))),
    ),
  )
  const refused = created.filter((each) => each.status === 'rejected')
  assert.equal(refused.length, 35)
  for (const { reason } of refused) assert.ok(isRefusal(reason, 'Forbidden'), String(reason))
  await catchUp()
  assert.equal(objects.count(pods), 5)
  assert.deepEqual(objects.quotaClaims.of('default').claims, [])
})

test('what is deleted makes room, by one append for each creation more', async () => {
  const cluster = await bounded(quota('few', { pods: '1' }))
  await createObject(cluster.ports, creationOf(pod('a')))
  await cluster.catchUp()
  await deleteObject(cluster.ports, { target, gracePeriodSeconds: 0, origin: byAda })
  const { ports, asked } = watched(cluster.ports)
  await createObject(ports, creationOf(pod('b')))
  assert.deepEqual(
    asked.filter((each) => each.startsWith('append')),
    ['append quotas-default', 'append pods-default/b'],
  )
})

test('what could not be recorded claims nothing any more', async () => {
  const { ports, objects, catchUp } = await bounded(quota('few', { pods: '1' }))
  const log: EventLog = {
    ...ports.log,
    async append(stream, ...given) {
      if (stream === 'pods-default/a') throw new TypeError('broken')
      return ports.log.append(stream, ...given)
    },
  }
  await assert.rejects(createObject({ ...ports, log }, creationOf(pod('a'))), /broken/)
  await catchUp()
  assert.deepEqual(objects.quotaClaims.of('default').claims, [])
  const read = await Array.fromAsync(ports.log.readStream(quotaStream('default')))
  assert.deepEqual(
    read.map(({ type }) => type),
    ['QuotaReserved', 'QuotaReleased'],
  )
  await createObject(ports, creationOf(pod('b')))
})

test('a Service that becomes more is bounded by what it becomes', async () => {
  const { ports } = await bounded(quota('few', { services: '5', 'services.nodeports': '1' }))
  await createObject(ports, creationOf(service('web'), services))
  const change = (count: number) =>
    changeObject(ports, {
      target: { resource: services, namespace: 'default', name: 'web' },
      change: (current) => ({
        ...current,
        spec: {
          ...current.spec,
          type: 'NodePort',
          ports: Array.from({ length: count }, (_, n) => ({ name: `p${n}`, port: 80 + n })),
        },
      }),
      origin: byAda,
    })
  await change(1)
  const claimed = await Array.fromAsync(ports.log.readStream(quotaStream('default')))
  assert.deepEqual(
    claimed.map(({ data }) => Object(data).amounts),
    [{ few: { services: '1' } }, { few: { 'services.nodeports': '1' } }],
    'each time what is added only',
  )
  await assert.rejects(change(2), {
    message:
      'services "web" is forbidden: exceeded quota: few, requested: services.nodeports=1, used: services.nodeports=1, limited: services.nodeports=1',
  })
})

test('claims are bounded by what they ask for, of each class, also when they grow', async () => {
  const ofClass = 'fast.storageclass.storage.k8s.io/requests.storage'
  const cluster = await bounded(quota('few', { 'requests.storage': '3Gi', [ofClass]: '2Gi' }))
  const { ports } = cluster
  await cluster.create('storageclasses.storage.k8s.io', {
    ...{ apiVersion: 'storage.k8s.io/v1', kind: 'StorageClass', metadata: { name: 'fast' } },
    ...{ provisioner: 'nobody', allowVolumeExpansion: true },
  })
  const spec = (storage: string, storageClassName: string) => ({
    ...{ storageClassName, accessModes: ['ReadWriteOnce'] },
    resources: { requests: { storage } },
  })
  const claim = (name: string, storage: string, storageClassName: string) => ({
    ...{ apiVersion: 'v1', kind: 'PersistentVolumeClaim' },
    metadata: { name, namespace: 'default' },
    spec: spec(storage, storageClassName),
  })
  const create = (...given: [name: string, storage: string, storageClassName: string]) =>
    createObject(ports, creationOf(claim(...given), persistentVolumeClaims))
  await create('a', '1Gi', 'fast')
  await assert.rejects(create('b', '2Gi', 'fast'), {
    message: `persistentvolumeclaims "b" is forbidden: exceeded quota: few, requested: ${ofClass}=2Gi, used: ${ofClass}=1Gi, limited: ${ofClass}=2Gi`,
  })
  await create('c', '1Gi', 'slow')
  await cluster.catchUp()
  const change = (
    of: (current: PersistentVolumeClaim) => PersistentVolumeClaim,
    isStatus = false,
  ) =>
    changeObject(ports, {
      target: { resource: persistentVolumeClaims, namespace: 'default', name: 'a' },
      change: of,
      ...(isStatus && { subresource: 'status' as const }),
      origin: byAda,
    })
  await change((current) => ({ ...current, status: { phase: 'Bound' } }), true)
  await change((current) => ({ ...current, spec: spec('2Gi', 'fast') }))
  await assert.rejects(
    change((current) => ({ ...current, spec: spec('3Gi', 'fast') })),
    { reason: 'Forbidden', message: /exceeded quota: few, requested: .*requests\.storage=1Gi/ },
  )
})

test('a quota with scopes bounds those pods only', async () => {
  const { ports } = await bounded(
    quota('short', { pods: '0' }, { scopes: ['Terminating'] }),
    quota(
      'high',
      { pods: '0' },
      {
        scopeSelector: {
          matchExpressions: [{ scopeName: 'PriorityClass', operator: 'In', values: ['high'] }],
        },
      },
    ),
  )
  await createObject(ports, creationOf(pod('a')))
  const short = { ...pod('b'), spec: { ...Object(pod('b').spec), activeDeadlineSeconds: 5 } }
  await assert.rejects(createObject(ports, creationOf(short)), { message: /exceeded quota: short/ })
})

test('what no quota counts is bounded by none, be it made, changed or only tried', async () => {
  const { ports } = await bounded(quota('few', { pods: '0' }))
  await wouldCreate(ports, creationOf(service('web'), services))
  await createObject(ports, creationOf(service('web'), services))
  assert.deepEqual(await Array.fromAsync(ports.log.readStream(quotaStream('default'))), [])
})
