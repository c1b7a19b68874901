import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { MalformedMessages } from '@reckon/eventing'
import type { PersistentVolume } from '@reckon/kubernetes'
import { nodeCredentials, nodeReports, type Report, type ReportReply } from '@reckon/node-plane'
import { inDefault, startedApi } from '../api.fixture.ts'
import { answerReports } from './reports.ts'
import { endVolume } from './volumes.ts'

const cause = { id: '00000000-0000-4000-8000-000000000001', correlationId: 'c' }
const volumes = '/api/v1/persistentvolumes'

let api: Awaited<ReturnType<typeof startedApi>>
let end: () => void

before(async () => {
  api = await startedApi()
  end = answerReports(api.ports, new MalformedMessages(api.ports.logger))
  for (const name of ['a', 'b']) {
    const labels = { 'kubernetes.io/hostname': `host-${name}` }
    await api.ask('POST', '/api/v1/nodes', {
      body: { apiVersion: 'v1', kind: 'Node', metadata: { name, labels } },
    })
  }
  const metadata = { name: 'local' }
  await api.ask('POST', '/apis/storage.k8s.io/v1/storageclasses', {
    body: { metadata, provisioner: 'reckon.dev/local', reclaimPolicy: 'Delete' },
  })
})
after(async () => {
  end()
  await api.close()
  assert.deepEqual(api.errors, [])
})

async function report(from: string, said: Report): Promise<ReportReply> {
  const data = new TextEncoder().encode(JSON.stringify(said))
  const bus = api.hub.connect(undefined, nodeCredentials(from))
  const reply = await bus.request(nodeReports(from), data, { timeoutMs: 5_000 })
  return JSON.parse(new TextDecoder().decode(reply.data))
}

/** A claim for which the node was chosen. */
async function claimOn(name: string, node: string): Promise<string> {
  const { json } = await api.ask('POST', inDefault('persistentvolumeclaims'), {
    body: {
      metadata: {
        name,
        annotations: {
          'volume.kubernetes.io/selected-node': node,
          'volume.kubernetes.io/storage-provisioner': 'reckon.dev/local',
        },
      },
      spec: {
        ...{ accessModes: ['ReadWriteOnce'], storageClassName: 'local' },
        resources: { requests: { storage: '2Gi' } },
      },
    },
  })
  return json.metadata.uid ?? ''
}
const ready = (name: string, uid: string, path = `/data/volumes/pvc-${uid}`): Report => ({
  ...{ type: 'VolumeReady', namespace: 'default', name, uid, path, cause },
})
const volumeOf = async (uid: string) => {
  const { code, json } = await api.ask('GET', `${volumes}/pvc-${uid}`)
  return code === 200 ? (json as unknown as PersistentVolume) : undefined
}

test('a node says where a volume of a claim of its own will lie; all else follows from the claim', async () => {
  const uid = await claimOn('one', 'a')
  assert.equal((await report('a', ready('one', uid))).outcome, 'Recorded')
  assert.equal((await report('a', ready('one', uid))).outcome, 'Unchanged')
  const volume = await volumeOf(uid)
  assert.deepEqual(volume?.metadata.annotations, {
    'pv.kubernetes.io/provisioned-by': 'reckon.dev/local',
    'reckon.dev/node': 'a',
  })
  assert.equal(volume?.spec.local?.path, `/data/volumes/pvc-${uid}`)
  assert.equal(volume?.spec.capacity?.storage, '2Gi')
  assert.equal(volume?.spec.claimRef?.uid, uid)
  assert.equal(volume?.spec.persistentVolumeReclaimPolicy, 'Delete')
  const [term] = volume?.spec.nodeAffinity?.required?.nodeSelectorTerms ?? []
  assert.deepEqual(term?.matchExpressions?.[0]?.values, ['host-a'])
})

test('of another node’s claim, of none, or of a place that is no claim’s a node may say nothing', async () => {
  const uid = await claimOn('two', 'a')
  assert.equal((await report('b', ready('two', uid))).outcome, 'Refused')
  assert.equal((await report('a', ready('two', 'other'))).outcome, 'Ignored')
  assert.equal((await report('a', ready('two', uid, '/etc'))).outcome, 'Refused')
  const above = `/data/../etc/pvc-${uid}`
  assert.equal((await report('a', ready('two', uid, above))).outcome, 'Refused')
  assert.equal(await volumeOf(uid), undefined)
})

test('a volume ends when its node has removed it, once it is nobody’s and not before', async () => {
  const uid = await claimOn('three', 'a')
  await report('a', ready('three', uid))
  const made = await volumeOf(uid)
  assert.ok(made)
  const { name, uid: own = '' } = made.metadata
  const gone = { type: 'VolumeGone', name, uid: own, cause } as const
  assert.equal((await report('a', gone)).outcome, 'Refused', 'a claim has it')
  await api.ask('PUT', `${volumes}/${name}/status`, {
    body: { ...made, status: { phase: 'Released' } },
  })
  assert.equal((await report('b', gone)).outcome, 'Refused')
  assert.equal((await report('a', gone)).outcome, 'Recorded')
  const leaving = await volumeOf(uid)
  assert.ok(leaving?.metadata.deletionTimestamp)
  assert.deepEqual(leaving.metadata.finalizers, ['kubernetes.io/pv-protection'])
  assert.equal((await report('a', gone)).outcome, 'Recorded', 'what it says again changes nothing')
  assert.equal((await report('a', { ...gone, uid: 'other' })).outcome, 'Ignored')
})

test('a volume that is bound while its node removes it does not end: the report comes too late', async () => {
  const uid = await claimOn('four', 'a')
  await report('a', ready('four', uid))
  const made = await volumeOf(uid)
  assert.ok(made)
  const { name, uid: own = '' } = made.metadata
  const setPhase = async (phase: string) => {
    const { resourceVersion: _, ...metadata } = made.metadata
    const body = { ...made, metadata, status: { phase } }
    const { code, text } = await api.ask('PUT', `${volumes}/${name}/status`, { body })
    assert.equal(code, 200, text)
  }
  await setPhase('Released')
  const { log } = api.ports
  let isBound = false
  const append: (typeof log)['append'] = async (stream, ...given) => {
    const appended = await log.append(stream, ...given)
    // The deletion is requested, and its last write not yet decided.
    if (!isBound) await setPhase('Bound')
    isBound = true
    return appended
  }
  const origin = { actor: { user: 'system:node:a' }, verb: 'update' }
  const gone = { type: 'VolumeGone', name, uid: own, cause } as const
  await endVolume({ ...api.ports, log: { ...log, append } }, 'a', { report: gone, origin })
  const { metadata, status } = (await volumeOf(uid)) ?? {}
  assert.equal(status?.phase, 'Bound')
  assert.deepEqual(metadata?.finalizers, made.metadata.finalizers)
})
