import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Deployment, KubernetesObject, Pod } from '@reckon/kubernetes'
import { inZone, node } from '../plugins/scenario.fixture.ts'
import type { DecidedLog } from '../replaying/decided-log.fixture.ts'
import { asking, logOf, named, ownedBy, supposing } from './supposing.fixture.ts'

const template = (more: object = {}) => ({
  metadata: { labels: { app: 'web' } },
  spec: {
    containers: [{ name: 'c', image: 'i', resources: { requests: { cpu: '500m' } } }],
    ...more,
  },
})
const selector = { matchLabels: { app: 'web' } }

/** An object of apps/v1, or of batch/v1 where it is a Job. */
const workload = (kind: string, spec: object, uid = 'w'): KubernetesObject => ({
  ...{ apiVersion: kind === 'Job' ? 'batch/v1' : 'apps/v1', kind },
  ...{ metadata: { name: 'web', namespace: 'default', uid }, spec },
})

const applied = (log: DecidedLog, object: KubernetesObject) =>
  supposing(log, [{ suppose: 'Applied', object }])

const scaled = (log: DecidedLog, kind: string, replicas: number) =>
  supposing(log, [{ suppose: 'Scaled', of: { kind, namespace: 'default', name: 'web' }, replicas }])

const born = (at: string, { metadata, ...rest }: Pod): Pod => ({
  ...rest,
  metadata: { ...metadata, creationTimestamp: `2026-11-26T10:00:0${at}Z` },
})

test('of too many pods those go that nobody placed yet, then the youngest, and others find the room', () => {
  const spec = { replicas: 4, selector, template: template() }
  const [middle, oldest, youngest, unplaced] = [
    ...['2', '1', '3'].map((at) => born(at, ownedBy('w', asking('3')))),
    born('0', ownedBy('w', asking('6'))),
  ] as [Pod, Pod, Pod, Pod]
  const { log } = logOf(
    [middle, oldest, youngest, unplaced],
    ['a', 'b', 'c'].map((name) => node(name)),
  )
  log.append('replicasets.apps-default/web', 'ReplicaSetCreated', {
    object: workload('ReplicaSet', spec),
  })
  const waiting = log.addPod(asking('4'))
  const goneAt = (replicas: number) => scaled(log, 'ReplicaSet', replicas).removed
  const names = [unplaced, youngest, middle, oldest].map((each) => `default/${each.metadata.name}`)
  for (const count of [0, 1, 2, 3]) assert.deepEqual(goneAt(4 - count), names.slice(0, count))
  assert.equal(named(scaled(log, 'ReplicaSet', 2).schedulable)[0]?.[0], waiting.metadata.name)
  assert.deepEqual(scaled(log, 'ReplicaSet', 3).schedulable, [])
})

test('a pod that is being deleted is none of those that stand', () => {
  const leaving = ownedBy('w', asking('1'))
  leaving.metadata.deletionTimestamp = '2026-11-26T10:00:00Z'
  const { log } = logOf([])
  log.addPod(leaving)
  const spec = { replicas: 1, selector, template: template() }
  log.append('replicasets.apps-default/web', 'ReplicaSetCreated', {
    object: workload('ReplicaSet', spec),
  })
  assert.equal(scaled(log, 'ReplicaSet', 1).added.length, 1)
})

test('a DaemonSet is not scaled, and its pods go with their node', () => {
  const own = asking('1', { nodeName: 'a' })
  own.metadata.ownerReferences = [
    { apiVersion: 'apps/v1', kind: 'DaemonSet', name: 'web', uid: 'w', controller: true },
  ]
  const { log } = logOf([])
  log.addPod(own)
  log.append('daemonsets.apps-default/web', 'DaemonSetCreated', {
    object: workload('DaemonSet', { selector, template: template() }),
  })
  assert.deepEqual(scaled(log, 'DaemonSet', 3).notes, ['a DaemonSet is not scaled'])
  const report = supposing(log, [{ suppose: 'NodeRemoved', name: 'a' }])
  assert.deepEqual([report.removed, report.decided], [[`default/${own.metadata.name}`], 0])
})

test('who was gone already by what is supposed does not go again with its node', () => {
  const own = ownedBy('w', asking('1'))
  const { log, placed } = logOf([own])
  const spec = { replicas: 1, selector, template: template() }
  log.append('replicasets.apps-default/web', 'ReplicaSetCreated', {
    object: workload('ReplicaSet', spec),
  })
  const of = { kind: 'ReplicaSet', namespace: 'default', name: 'web' }
  const report = supposing(log, [
    { suppose: 'Scaled', of, replicas: 0 },
    { suppose: 'NodeRemoved', name: placed[0] ?? '' },
  ])
  assert.deepEqual([report.removed, report.decided], [[`default/${own.metadata.name}`], 0])
})

test('a Job makes as many at once as it wants, and no more than it needs', () => {
  const { log } = logOf([])
  const count = (spec: object) =>
    applied(log, workload('Job', { template: template(), ...spec })).added.length
  assert.equal(count({}), 1)
  assert.equal(count({ parallelism: 3 }), 3)
  assert.equal(count({ parallelism: 3, completions: 2 }), 2)
  assert.equal(count({ parallelism: 2, completions: 5 }), 2)
})

test('a workload that says nothing of its number makes one, and one without a template makes none', () => {
  const { log } = logOf([])
  for (const kind of ['Deployment', 'ReplicaSet', 'StatefulSet']) {
    assert.equal(applied(log, workload(kind, { selector, template: template() })).added.length, 1)
  }
  assert.deepEqual(applied(log, workload('StatefulSet', { selector })).notes, [
    'nothing is supposed of a StatefulSet: web was passed over',
  ])
})

test('supposed pods bear their template’s labels, and so keep apart from each other', () => {
  const term = { labelSelector: selector, topologyKey: 'topology.kubernetes.io/zone' }
  const podAntiAffinity = { requiredDuringSchedulingIgnoredDuringExecution: [term] }
  const { log } = logOf([], [inZone('north', 'a'), inZone('north', 'b'), inZone('south', 'c')])
  const spec = { replicas: 3, selector, template: template({ affinity: { podAntiAffinity } }) }
  const { added } = applied(log, workload('Deployment', spec))
  const zones = added.map(({ after }) => after && (after === 'c' ? 'south' : 'north'))
  assert.deepEqual(zones.sort(), ['north', 'south', undefined])
})

test('a Deployment’s pods are made as by the newest of its ReplicaSets', () => {
  const { log } = logOf([])
  const deployment = workload('Deployment', { replicas: 1, selector, template: template() })
  log.append('deployments.apps-default/web', 'DeploymentCreated', { object: deployment })
  const made = (name: string, at: string | undefined, cpu: string) => {
    const set = workload('ReplicaSet', { selector, template: template() }, name) as Deployment
    const [container] = set.spec.template?.spec?.containers ?? []
    if (container) container.resources = { requests: { cpu } }
    set.metadata = {
      ...{ name, namespace: 'default', uid: name },
      ...(at && { creationTimestamp: `2026-11-26T10:00:0${at}Z` }),
      ownerReferences: [
        { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web', uid: 'w', controller: true },
      ],
    }
    log.append(`replicasets.apps-default/${name}`, 'ReplicaSetCreated', { object: set })
  }
  made('web-z', '1', '8')
  made('web-new', '3', '1')
  made('web-b', '2', '8')
  made('web-a', undefined, '8')
  const { added } = scaled(log, 'Deployment', 2)
  assert.deepEqual(
    added.map(({ pod, after }) => [pod, after !== undefined]),
    [1, 2].map((n) => [`default/web-new-supposed-${n}`, true]),
  )
})

test('what another template replaces makes room for what comes in its place', () => {
  const one = ownedBy('w', asking('3'))
  const { log } = logOf([one], [node('a')])
  const spec = { replicas: 1, selector, template: { ...template(), spec: one.spec } }
  const set = workload('ReplicaSet', spec)
  log.append('replicasets.apps-default/web', 'ReplicaSetCreated', { object: set })
  const containers = [{ name: 'c', image: 'i', resources: { requests: { cpu: '4' } } }]
  const changed = { ...spec, template: { ...template(), spec: { containers } } }
  const report = applied(log, workload('ReplicaSet', changed, ''))
  assert.deepEqual(named(report.added), [['web-supposed-1', undefined, 'a']])
  assert.deepEqual(report.removed, [`default/${one.metadata.name}`])
})

test('a supposed pod has the priority of its class, unless it says its own', () => {
  const low = ownedBy('set', asking('3', { priority: 5 }))
  const { log } = logOf([low], [node('a')])
  const object = { apiVersion: 'scheduling.k8s.io/v1', kind: 'PriorityClass', value: 10 }
  log.append('priorityclasses.scheduling.k8s.io-/urgent', 'PriorityClassCreated', {
    object: { ...object, metadata: { name: 'urgent' } },
  })
  const placed = (more: object) => named(applied(log, asking('4', more)).added)[0]?.[2]
  assert.equal(placed({ priorityClassName: 'urgent' }), 'a')
  assert.equal(placed({ priorityClassName: 'urgent', priority: 1 }), undefined)
  assert.equal(placed({ priorityClassName: 'other' }), undefined)
  assert.equal(placed({}), undefined)
})

test('who gets a higher priority than the one for whom it would have to leave stays', () => {
  const low = ownedBy('set', asking('3'))
  const { log } = logOf([low], [node('a')])
  const of = { kind: 'Pod', namespace: 'default', name: low.metadata.name }
  const urgent = { suppose: 'Applied', object: asking('4', { priority: 10 }) } as const
  const { unschedulable } = supposing(log, [urgent])
  assert.deepEqual(named(unschedulable), [[low.metadata.name, 'a', undefined]])
  const report = supposing(log, [urgent, { suppose: 'PrioritySet', of, priority: 20 }])
  assert.deepEqual([report.unschedulable, named(report.added)[0]?.[2]], [[], undefined])
})
