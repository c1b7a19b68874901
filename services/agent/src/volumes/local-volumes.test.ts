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
