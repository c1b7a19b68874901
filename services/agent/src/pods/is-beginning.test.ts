import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ContainerStatus } from '@reckon/kubernetes'
import { isBeginning } from './is-beginning.ts'

const container = (waiting: object | undefined, more: object = {}): ContainerStatus => ({
  ...{ name: 'c', image: 'i', imageID: '', ready: false, restartCount: 0 },
  state: waiting ? { waiting } : { running: {} },
  ...more,
})

test('a pod begins as long as its containers are only being made, and nothing else is to be said of them', () => {
  const beingMade = container({ reason: 'ContainerCreating' })
  const begins = (...containerStatuses: ContainerStatus[]) => isBeginning({ containerStatuses })
  assert.ok(begins(beingMade, container({ reason: 'PodInitializing' })))
  assert.ok(!begins(beingMade, container(undefined)))
  assert.ok(!begins(container({ reason: 'ContainerCreating', message: 'no volume' })))
  assert.ok(!begins(container({ reason: 'ErrImagePull' })))
  assert.ok(!begins(container({ reason: 'ContainerCreating' }, { restartCount: 1 })))
  const initContainerStatuses = [container(undefined)]
  assert.ok(!isBeginning({ initContainerStatuses, containerStatuses: [beingMade] }))
})
