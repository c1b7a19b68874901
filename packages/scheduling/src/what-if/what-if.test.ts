import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Deployment, KubernetesObject, Pod, ReplicaSet } from '@reckon/kubernetes'
import { node, pod } from '../plugins/scenario.fixture.ts'
import { readConfiguration } from '../policy/configuration.ts'
import { DecidedLog } from '../replaying/decided-log.fixture.ts'
import { formatWhatIf } from './format-what-if.ts'
import { asking, cpus, logOf, named, ownedBy, supposing } from './supposing.fixture.ts'
import type { Supposition } from './supposition.ts'

test('with nothing supposed everything goes where it went', () => {
  const pods = Array.from({ length: 60 }, (_, index) => asking(`${100 + (index % 7) * 100}m`))
  const { log, placed } = logOf(pods, [node('a'), node('b'), node('c', cpus('8'))])
  const report = supposing(log, [], { from: { position: 0n } })
  const placedCount = placed.filter((each) => each !== undefined).length
  assert.ok(placedCount < pods.length, 'some find no place')
  assert.deepEqual([report.decided, report.same], [pods.length, placedCount])
  assert.deepEqual([report.elsewhere, report.schedulable, report.unschedulable], [[], [], []])
  assert.deepEqual(report.utilisation.before, report.utilisation.after)
})

test('a node more turns a waiting pod placed, and says how full it is then', () => {
  const large = asking('6')
  const { log } = logOf([asking('1'), large])
  const report = supposing(log, [{ suppose: 'NodeAdded', node: node('c', cpus('8')) }])
  assert.deepEqual(named(report.schedulable), [[large.metadata.name, undefined, 'c']])
  assert.deepEqual([report.decided, report.elsewhere], [1, []])
  assert.deepEqual(
    [report.utilisation.before.cpu, report.utilisation.after.cpu],
    [
      { requested: 1000, allocatable: 8000 },
      { requested: 7000, allocatable: 16000 },
    ],
  )
  const text = formatWhatIf(report)
  assert.match(text, /Become schedulable\n {2}POD +BEFORE +AFTER\n {2}default\/\S+ +<none> +c\n/)
  assert.match(text, /all 3 +1 \(13%\) +7 \(44%\)/)
})

test('a pod that still fits nowhere says why', () => {
  const large = asking('6')
  const { log } = logOf([large])
  const { waiting } = supposing(log, [{ suppose: 'NodeAdded', node: node('c') }])
  assert.match(waiting[0]?.message ?? '', /^0\/3 nodes are available: 3 Insufficient cpu\./)
})

test('the pods of a node less go elsewhere, as far as there is room and somebody makes them anew', () => {
  const owner = {
    ...{ apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'web', uid: 'u' },
    controller: true,
  }
  const owned = (cpu: string): Pod => {
    const made = asking(cpu, { nodeSelector: {} })
    return { ...made, metadata: { ...made.metadata, ownerReferences: [owner] } }
  }
  const [one, two, bare] = [owned('3'), owned('3'), asking('500m')]
  const { log, placed } = logOf([one, two, bare])
  const [first = '', second = '', third = ''] = placed
  assert.notEqual(first, second)
  const report = supposing(log, [{ suppose: 'NodeRemoved', name: third }])
  const lost = third === first ? one : two
  assert.deepEqual(named(report.unschedulable), [[lost.metadata.name, third, undefined]])
  assert.deepEqual(report.removed, [`default/${bare.metadata.name}`])
  assert.deepEqual(supposing(log, [{ suppose: 'NodeRemoved', name: 'x' }]).notes, [
    'there is no node x at that time: if it comes later, it is kept out',
  ])
})

test('a node less is kept out where it only comes later', () => {
  const late = asking('3')
  const { log } = logOf([asking('3')], [node('a', cpus('4'))])
  const position = log.position
  log.addNode(node('b', cpus('4')))
  log.addPod(late)
  log.record(late, log.decide(late))
  const without = [{ suppose: 'NodeRemoved', name: 'b' }] as const
  const report = supposing(log, without, { from: { position } })
  assert.deepEqual(named(report.unschedulable), [[late.metadata.name, 'b', undefined]])
  assert.deepEqual(report.notes, [
    'there is no node b at that time: if it comes later, it is kept out',
  ])
})

test('another policy puts pods elsewhere, each when it was decided', () => {
  const pods = [asking('1'), asking('1'), asking('1')]
  const { log, placed } = logOf(pods)
  assert.equal(new Set(placed).size, 2, 'they are kept apart')
  const configuration = readConfiguration({
    apiVersion: 'kubescheduler.config.k8s.io/v1',
    kind: 'KubeSchedulerConfiguration',
    profiles: [
      {
        plugins: { score: { disabled: [{ name: 'NodeResourcesBalancedAllocation' }] } },
        pluginConfig: [
          { name: 'NodeResourcesFit', args: { scoringStrategy: { type: 'MostAllocated' } } },
        ],
      },
    ],
  })
  const report = supposing(log, [{ suppose: 'Configured', configuration }], {
    from: { position: 0n },
  })
  const [first = ''] = placed
  assert.deepEqual(
    named(report.elsewhere).map(([, , after]) => after),
    placed.slice(1).flatMap((where) => (where === first ? [] : [first])),
  )
  const later = supposing(log, [{ suppose: 'Configured', configuration }])
  assert.equal(later.decided, 0, 'by now nothing waits')
})

test('what was placed in truth and waits here is tried when room is made', () => {
  const [one, two] = [asking('3'), asking('3')]
  const { log, placed } = logOf([one, two])
  const [where = '', other = ''] = placed
  const suppositions = [{ suppose: 'NodeRemoved', name: other } as const]
  const before = supposing(log, suppositions, { from: { position: 30n } })
  assert.deepEqual(named(before.unschedulable), [[two.metadata.name, other, undefined]])
  const { namespace, name } = one.metadata
  log.append(`pods-${namespace}/${name}`, 'PodDeleted', { patch: [] })
  const after = supposing(log, suppositions, { from: { position: 30n } })
  assert.deepEqual(named(after.elsewhere), [[two.metadata.name, other, where]])
})

test('priorities say who comes first', () => {
  const [one, two] = [asking('5'), asking('5')]
  const { log } = logOf([one, two])
  const added = { suppose: 'NodeAdded', node: node('c', cpus('6')) } as const
  assert.deepEqual(named(supposing(log, [added]).schedulable), [
    [one.metadata.name, undefined, 'c'],
  ])
  const of = { kind: 'Pod', namespace: 'default', name: two.metadata.name }
  const favoured = supposing(log, [{ suppose: 'PrioritySet', of, priority: 9 }, added])
  assert.deepEqual(named(favoured.schedulable), [[two.metadata.name, undefined, 'c']])
})

test('a workload is scaled, or applied that never was', () => {
  const template = {
    metadata: { labels: { app: 'web' } },
    spec: { containers: [{ name: 'c', image: 'i', resources: { requests: { cpu: '1500m' } } }] },
  }
  const deployment: Deployment = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web', namespace: 'default', uid: 'd' },
    spec: { replicas: 1, selector: { matchLabels: { app: 'web' } }, template },
  }
  const { log } = logOf([])
  const report = supposing(log, [
    {
      suppose: 'Applied',
      object: { ...deployment, spec: { ...deployment.spec, replicas: 5 } } as Deployment,
    },
  ])
  assert.deepEqual(
    report.added.map(({ after }) => after !== undefined),
    [true, true, true, true, false],
  )
  assert.match(report.added[4]?.message ?? '', /2 Insufficient cpu/)

  log.append('deployments.apps-default/web', 'DeploymentCreated', { object: deployment })
  const of = { kind: 'Deployment', namespace: 'default', name: 'web' }
  const scaled = supposing(log, [{ suppose: 'Scaled', of, replicas: 3 }])
  assert.deepEqual(
    scaled.added.map(({ pod: name }) => name),
    [1, 2, 3].map((number) => `default/web-supposed-${number}`),
  )
  const none = supposing(log, [{ suppose: 'Scaled', of: { ...of, name: 'x' }, replicas: 3 }])
  assert.deepEqual(none.notes, ['there is no Deployment x in namespace default'])
})

test('of a manifest of what is there already, only what is otherwise is supposed', () => {
  const one = ownedBy('d', asking('1'))
  const { log, placed } = logOf([one])
  const template = { metadata: { labels: { app: 'web' } }, spec: one.spec }
  const set: ReplicaSet = {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: { name: 'web', namespace: 'default', uid: 'd' },
    spec: { replicas: 1, selector: { matchLabels: { app: 'web' } }, template },
  }
  log.append('replicasets.apps-default/web', 'ReplicaSetCreated', { object: set })
  const { uid: _, ...metadata } = set.metadata
  const applying = (replicas: number, requests: Record<string, string>) => {
    const [container] = one.spec.containers
    const spec = { containers: [{ name: 'c', ...container, resources: { requests } }] }
    const written = { replicas, template: { ...template, spec } }
    const object: ReplicaSet = { ...set, metadata, spec: { ...set.spec, ...written } }
    const { added, removed } = supposing(log, [{ suppose: 'Applied', object }])
    return [added.map(({ pod: name, after }) => [name, after]), removed]
  }
  const standing = `default/${one.metadata.name}`
  assert.deepEqual(applying(1, { cpu: '1' }), [[], []])
  assert.deepEqual(applying(0, { cpu: '1' }), [[], [standing]])
  const other = placed[0] === 'a' ? 'b' : 'a'
  assert.deepEqual(applying(2, { cpu: '1' }), [[['default/web-supposed-1', other]], []])
  const [replaced, gone] = applying(2, { cpu: '3' })
  assert.equal(replaced?.length, 2)
  assert.deepEqual(gone, [standing])
})

test('what would change nothing is passed over, which a note says', () => {
  const one = asking('1')
  const { log } = logOf([one])
  const notes = (object: KubernetesObject) => supposing(log, [{ suppose: 'Applied', object }]).notes
  const { name } = one.metadata
  assert.deepEqual(notes(one), [`there is a pod default/${name} already: it was passed over`])
  const settings = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'settings' } }
  assert.deepEqual(notes(settings), [
    'nothing is supposed of a ConfigMap: settings was passed over',
  ])
})

test('who waits for a gate or another scheduler says so, and keeps nobody waiting who is as it is', () => {
  const log = new DecidedLog()
  log.addNode(node('a'))
  const gated = pod({ schedulingGates: [{ name: 'quota' }] })
  const [elsewhere, plain] = [pod({ schedulerName: 'mine' }), pod()]
  for (const each of [gated, elsewhere, plain]) log.addPod(each)
  const { waiting, schedulable } = supposing(log, [{ suppose: 'NodeAdded', node: node('b') }])
  assert.deepEqual(
    waiting.map(({ message }) => message),
    ['waiting for scheduling gates: [quota]', 'it waits for the scheduler mine'],
  )
  assert.deepEqual(
    schedulable.map(({ pod: name }) => name),
    [`default/${plain.metadata.name}`],
  )
})

test('who has to leave for a supposed pod waits anew if somebody makes it again, and is gone if nobody does', () => {
  const [kept, bare] = [ownedBy('set', asking('3')), asking('3')]
  const { log } = logOf([kept, bare])
  const object = asking('4', { priority: 10 })
  const suppositions = [1, 2].map((number): Supposition => {
    const metadata = { ...object.metadata, name: `urgent-${number}` }
    return { suppose: 'Applied', object: { ...object, metadata } }
  })
  const report = supposing(log, suppositions)
  assert.deepEqual(report.added.map(({ after }) => after).sort(), ['a', 'b'])
  assert.deepEqual(
    report.unschedulable.map(({ pod: name }) => name),
    [`default/${kept.metadata.name}`],
  )
  assert.deepEqual(report.removed, [`default/${bare.metadata.name}`])
})

test('a pod that left for another in truth left for it by what is supposed, too', () => {
  const [low, high] = [asking('3'), asking('4', { priority: 10 })]
  const log = new DecidedLog()
  log.addNode(node('a'))
  for (const each of [low, high]) {
    log.addPod(each)
    log.record(each, log.decide(each))
  }
  log.deletePod(low)
  log.record(high, log.decide(high))
  const report = supposing(log, [], { from: { position: 0n } })
  assert.deepEqual(
    [report.same, report.elsewhere, report.unschedulable, report.waiting],
    [1, [], [], []],
  )
})
