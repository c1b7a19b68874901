import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ContainerStatus, Pod } from '@reckon/kubernetes'
import { containerNameOf, loggedContainerId, runningContainerId } from './container-of-pod.ts'

const named = (...names: string[]) => names.map((name) => ({ name, image: 'i' }))
const pod = (spec: Pod['spec'], containerStatuses: ContainerStatus[] = []): Pod => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'web' },
  spec,
  status: { containerStatuses },
})
const refusal = (message: string) => ({ reason: 'BadRequest', message })

test('the only container need not be named, one of several must be, as upstream says it', () => {
  assert.equal(containerNameOf(pod({ containers: named('a') }), undefined), 'a')
  const several = pod({ containers: named('a', 'b'), initContainers: named('i') })
  assert.equal(containerNameOf(several, 'i'), 'i')
  assert.throws(
    () => containerNameOf(several, ''),
    refusal(
      'a container name must be specified for pod web, choose one of: [a b] or one of the init containers: [i]',
    ),
  )
  assert.throws(
    () => containerNameOf(several, 'c'),
    refusal('container c is not valid for pod web'),
  )
})

const status = (state: ContainerStatus['state'], more: Partial<ContainerStatus> = {}) =>
  pod({ containers: named('a') }, [
    {
      name: 'a',
      image: 'i',
      imageID: '',
      ready: false,
      restartCount: 0,
      state: state ?? {},
      ...more,
    },
  ])
const ended = (containerID?: string) => ({
  terminated: { exitCode: 1, ...(containerID && { containerID }) },
})

test('a log is that of the container which runs, or else of the last one that did', () => {
  const running = status(
    { running: {} },
    { containerID: 'docker://2', lastState: ended('docker://1') },
  )
  assert.equal(loggedContainerId(running, 'a', false), '2')
  assert.equal(loggedContainerId(running, 'a', true), '1')
  assert.equal(runningContainerId(running, 'a'), '2')
  const crashing = status(
    { waiting: { reason: 'CrashLoopBackOff' } },
    { lastState: ended('docker://1') },
  )
  assert.equal(loggedContainerId(crashing, 'a', false), '1')
  assert.equal(loggedContainerId(status(ended('docker://3')), 'a', false), '3')
})

test("where there is none, the refusal is a kubelet's", () => {
  const refusals: [Pod, boolean, string][] = [
    [pod({ containers: named('a') }), false, 'container "a" in pod "web" is not available'],
    [status({ running: {} }), true, 'previous terminated container "a" in pod "web" not found'],
    [status(ended()), false, 'container "a" in pod "web" is terminated'],
    [
      status({ waiting: { reason: 'ContainerCreating' } }),
      false,
      'container "a" in pod "web" is waiting to start: ContainerCreating',
    ],
    [
      status({ waiting: { reason: 'ErrImagePull' } }),
      false,
      'container "a" in pod "web" is waiting to start: image can\'t be pulled',
    ],
    [status({}), false, 'container "a" in pod "web" is waiting to start: no logs yet'],
  ]
  for (const [each, previous, message] of refusals) {
    assert.throws(() => loggedContainerId(each, 'a', previous), refusal(message))
  }
  assert.throws(
    () => runningContainerId(status(ended('docker://1')), 'a'),
    refusal('container not found ("a")'),
  )
})
