import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { PersistentVolume } from '@reckon/kubernetes'
import { RuntimeRefusal } from '../runtime/runtime.ts'
import { simulatedNode } from '../simulated/simulated-node.fixture.ts'

const released = (name: string): PersistentVolume => ({
  ...{ apiVersion: 'v1', kind: 'PersistentVolume' },
  metadata: {
    ...{ name, uid: `uid-${name}` },
    annotations: {
      'pv.kubernetes.io/provisioned-by': 'reckon.dev/local',
      'reckon.dev/node': 'node-1',
    },
  },
  spec: { persistentVolumeReclaimPolicy: 'Delete' },
  status: { phase: 'Released' },
})

test('a volume that cannot be removed yet is tried again, and holds up no other', async () => {
  await using node = await simulatedNode()
  let isBusy = true
  node.disk.removeVolume = async (name) => {
    if (name === 'busy' && isBusy) throw new RuntimeRefusal('EBUSY: resource busy or locked')
  }
  const isGone = (name: string) =>
    node.reportsSoFar().some((each) => each.type === 'VolumeGone' && each.name === name)
  node.upsert(released('busy'))
  node.upsert(released('idle'))
  await node.settle(() => isGone('idle'))
  assert.equal(isGone('busy'), false)
  isBusy = false
  await node.clock.advance(5_000)
  await node.settle(() => isGone('busy'))
})

test('a volume stays as long as a pod that was deleted by force has not left it', async () => {
  await using node = await simulatedNode()
  const left = Promise.withResolvers<void>()
  node.disk.remove = () => left.promise
  const isGone = (name: string) =>
    node.reportsSoFar().some((each) => each.type === 'VolumeGone' && each.name === name)
  const volumes = [{ name: 'v', persistentVolumeClaim: { claimName: 'data' } }]
  node.upsert(node.pod('forced', { containers: [{ name: 'c', image: 'c:1' }], volumes }))
  await node.settle(() => node.notesOf('forced').some(({ reason }) => reason === 'FailedMount'))
  node.forget('forced')
  const claimRef = (name: string) => ({ namespace: 'default', name })
  const of = (name: string, claim: string) => {
    const volume = released(name)
    return { ...volume, spec: { ...volume.spec, claimRef: claimRef(claim) } }
  }
  node.upsert(of('mounted', 'data'))
  node.upsert(of('idle', 'other'))
  await node.settle(() => isGone('idle'))
  assert.equal(isGone('mounted'), false)
  left.resolve()
  await node.settle(() => isGone('mounted'))
})
