import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  type CertificateSigningRequest,
  certificateSigningRequests,
  configMaps,
  type Deployment,
  deployments,
  type KubernetesObject,
  type Node,
  nodes,
  type Pod,
  type PodStatus,
  persistentVolumeClaims,
  persistentVolumes,
  pods,
  type Resource,
} from '@reckon/kubernetes'
import { signingRequest } from '@reckon/kubernetes/fixture'
import { effectOf, nameOfChange } from './kind-events.ts'

const metadata = { name: 'x', namespace: 'default' }

/** Given an object, when it becomes another one, then the change is called so. */
const given = <T extends KubernetesObject>(resource: Resource, before: T) => ({
  becoming: (after: KubernetesObject, isStatusOnly = false) => ({
    isCalled: (type: string) => {
      assert.equal(nameOfChange(resource, before, after, isStatusOnly), type)
      assert.equal(effectOf(resource, type), 'Changed')
    },
  }),
})
const deployment = (spec: object, labels = {}): Deployment =>
  ({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { ...metadata, labels },
    spec: { replicas: 1, selector: {}, ...spec },
  }) as Deployment

test('a Deployment of which only the replicas change is scaled', () => {
  given(deployments, deployment({}))
    .becoming(deployment({ replicas: 3 }))
    .isCalled('DeploymentScaled')
  given(deployments, deployment({}))
    .becoming(deployment({ replicas: 3, minReadySeconds: 1 }))
    .isCalled('DeploymentChanged')
  given(deployments, deployment({}))
    .becoming(deployment({ replicas: 3 }, { a: 'b' }))
    .isCalled('DeploymentChanged')
})

test('a Deployment is paused and resumed', () => {
  const paused = deployment({ paused: true })
  given(deployments, deployment({})).becoming(paused).isCalled('DeploymentPaused')
  given(deployments, paused).becoming(deployment({})).isCalled('DeploymentResumed')
})

test('a deletion that is asked for comes before all other names', () => {
  const after = deployment({ replicas: 3 })
  const metadata = { ...after.metadata, deletionTimestamp: '2026-01-01T00:00:00Z' }
  given(deployments, deployment({}))
    .becoming({ ...after, metadata })
    .isCalled('DeploymentDeletionRequested')
})
const node = (spec: Node['spec'], ready?: 'True' | 'False' | 'Unknown'): Node =>
  ({
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name: 'n' },
    spec,
    status: { conditions: ready ? [{ type: 'Ready', status: ready }] : [] },
  }) as Node

test('a Node is cordoned, tainted, becomes ready, unready and unreachable', () => {
  given(nodes, node({}))
    .becoming(node({ unschedulable: true }))
    .isCalled('NodeCordoned')
  given(nodes, node({ unschedulable: true }))
    .becoming(node({}))
    .isCalled('NodeUncordoned')
  const taints = [{ key: 'a', effect: 'NoSchedule' }] as NonNullable<Node['spec']['taints']>
  given(nodes, node({})).becoming(node({ taints })).isCalled('NodeTaintsChanged')
  given(nodes, node({})).becoming(node({}, 'True')).isCalled('NodeBecameReady')
  given(nodes, node({}, 'True')).becoming(node({}, 'False')).isCalled('NodeBecameUnready')
  given(nodes, node({}, 'True')).becoming(node({}, 'Unknown')).isCalled('NodeBecameUnreachable')
  given(nodes, node({}, 'Unknown')).becoming(node({}, 'False')).isCalled('NodeBecameUnready')
  given(nodes, node({}, 'True')).becoming(node({}, 'True'), true).isCalled('NodeStatusChanged')
})
const pod = (status: PodStatus, spec: object = {}): Pod =>
  ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata,
    spec: { containers: [], ...spec },
    status,
  }) as unknown as Pod
const ready: PodStatus = {
  phase: 'Running',
  conditions: [{ type: 'Ready', status: 'True' }] as NonNullable<PodStatus['conditions']>,
}

test('a pod starts, ends, restarts a container, becomes ready and unready', () => {
  const [pending, running] = [pod({ phase: 'Pending' }), pod({ phase: 'Running' })]
  given(pods, pending).becoming(running, true).isCalled('PodStarted')
  given(pods, running)
    .becoming(pod({ phase: 'Succeeded' }), true)
    .isCalled('PodSucceeded')
  given(pods, running)
    .becoming(pod({ phase: 'Failed' }), true)
    .isCalled('PodFailed')
  given(pods, running).becoming(pod(ready), true).isCalled('PodBecameReady')
  given(pods, pod(ready)).becoming(running, true).isCalled('PodBecameUnready')
  const containerStatuses = [{ name: 'c', image: '', imageID: '', ready: true, restartCount: 1 }]
  given(pods, pod(ready))
    .becoming(pod({ phase: 'Running', containerStatuses }), true)
    .isCalled('PodContainerRestarted')
  given(pods, pending)
    .becoming(pod({ phase: 'Running' }, { nodeName: 'a' }))
    .isCalled('PodChanged')
})

test('a request for a certificate is approved, denied, issued, or fails', () => {
  const request = (status: object): CertificateSigningRequest => ({ ...signingRequest(), status })
  const named = certificateSigningRequests
  const condition = (type: string) => ({ conditions: [{ type, status: 'True' }] })
  for (const type of ['Approved', 'Denied', 'Failed']) {
    const called = `CertificateSigningRequest${type}`
    given(named, request({}))
      .becoming(request(condition(type)), true)
      .isCalled(called)
  }
  given(named, request(condition('Approved')))
    .becoming(request({ ...condition('Approved'), certificate: 'eA==' }), true)
    .isCalled('CertificateSigningRequestIssued')
})

test('a kind has its own events and the generic ones, and no others', () => {
  assert.equal(effectOf(pods, 'PodCreated'), 'Created')
  assert.equal(effectOf(pods, 'PodScheduled'), 'Changed')
  assert.equal(effectOf(pods, 'PodDeleted'), 'Deleted')
  assert.equal(effectOf(pods, 'PodFrozen'), undefined)
  assert.equal(effectOf(pods, 'DeploymentScaled'), undefined)
  assert.equal(effectOf(configMaps, 'ConfigMapScaled'), undefined)
  const widgets: Resource = { ...configMaps, plural: 'widgets', kind: 'Widget' }
  assert.equal(effectOf(widgets, 'WidgetStatusChanged'), 'Changed')
  assert.equal(effectOf(widgets, 'WidgetScaled'), undefined)
})

test('a Node that becomes ready while more than one thing changes is changed', () => {
  const taints = [{ key: 'a', effect: 'NoSchedule' }] as NonNullable<Node['spec']['taints']>
  given(nodes, node({}))
    .becoming(node({ unschedulable: true, taints }, 'True'))
    .isCalled('NodeChanged')
})

test('a claim is bound, a volume is bound and released, each once', () => {
  const inPhase = (kind: string) => (phase?: string) => ({
    ...{ apiVersion: 'v1', kind, metadata, spec: {} },
    ...(phase && { status: { phase } }),
  })
  const [claim, volume] = [inPhase('PersistentVolumeClaim'), inPhase('PersistentVolume')]
  const cases: [Resource, KubernetesObject, KubernetesObject, string][] = [
    [persistentVolumeClaims, claim('Pending'), claim('Bound'), 'PersistentVolumeClaimBound'],
    [persistentVolumeClaims, claim('Bound'), claim('Lost'), 'PersistentVolumeClaimStatusChanged'],
    [persistentVolumeClaims, claim('Bound'), claim('Bound'), 'PersistentVolumeClaimStatusChanged'],
    [persistentVolumeClaims, claim(), claim('Pending'), 'PersistentVolumeClaimStatusChanged'],
    [persistentVolumes, volume('Available'), volume('Bound'), 'PersistentVolumeBound'],
    [persistentVolumes, volume('Bound'), volume('Released'), 'PersistentVolumeReleased'],
    [persistentVolumes, volume('Bound'), volume('Bound'), 'PersistentVolumeStatusChanged'],
    [persistentVolumes, volume('Released'), volume('Available'), 'PersistentVolumeStatusChanged'],
  ]
  for (const [resource, before, after, type] of cases) {
    given(resource, before).becoming(after, true).isCalled(type)
  }
})
