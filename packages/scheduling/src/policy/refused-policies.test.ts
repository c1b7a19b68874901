import assert from 'node:assert/strict'
import { test } from 'node:test'
import { policiesOf } from './policies.ts'

/** What is said of a configuration; nothing where it is taken. */
function problemsOf(profiles: readonly object[], more: object = {}): string {
  const document = { apiVersion: 'kubescheduler.config.k8s.io/v1', profiles, ...more }
  try {
    policiesOf({ kind: 'KubeSchedulerConfiguration', ...document })
    return ''
  } catch (error) {
    return error instanceof Error ? error.message : 'no error'
  }
}
const ofArgs = (name: string, args: object) => problemsOf([{ pluginConfig: [{ name, args }] }])
const ofSet = (point: string, set: object) => problemsOf([{ plugins: { [point]: set } }])

/** Each of these is refused, and says this. */
function refused(cases: readonly [said: string, expected: string][]): void {
  for (const [said, expected] of cases) assert.ok(said.includes(expected), `${said}: ${expected}`)
}
const taken = (...said: readonly string[]) =>
  assert.deepEqual(
    said,
    said.map(() => ''),
  )

test('each of several profiles has a name of its own; one alone needs none', () => {
  taken(problemsOf([]), problemsOf([{}]), problemsOf([{ schedulerName: 'a' }]))
  refused([
    [problemsOf([{ schedulerName: 'a' }, {}]), 'profiles[1].schedulerName: Required value'],
    [
      problemsOf([{ schedulerName: 'a' }, { schedulerName: 'b' }, { schedulerName: 'a' }]),
      'profiles[2].schedulerName: Duplicate value: "a"',
    ],
    [problemsOf([], { kind: 'Other' }), 'kind: Unsupported value: "Other"'],
    [
      problemsOf([{ percentageOfNodesToScore: 5 }]),
      'profiles[0].percentageOfNodesToScore: Forbidden',
    ],
  ])
})

test('weights lie between 1 and 100, and 0 says nothing', () => {
  const weighing = (weight: number) =>
    ofSet('score', { enabled: [{ name: 'ImageLocality', weight }] })
  taken(weighing(0), weighing(1), weighing(100))
  refused([
    [weighing(101), 'score.enabled[0].weight: Invalid value: 101: not in valid range [0-100]'],
    [weighing(-1), 'score.enabled[0].weight: Invalid value: -1'],
  ])
})

test('what is no rule of placing here may be named, and not be left out', () => {
  const [fixed, unknown] = [{ name: 'PrioritySort' }, { name: 'Mine' }]
  taken(
    ofSet('multiPoint', { enabled: [fixed, { name: 'NodeName' }] }),
    ofSet('score', { disabled: [fixed] }),
    ofSet('filter', { disabled: [fixed] }),
    ofSet('multiPoint', { disabled: [unknown, { name: '*' }] }),
  )
  refused([
    [
      ofSet('multiPoint', { disabled: [fixed] }),
      'disabled[0].name: Forbidden: PrioritySort cannot',
    ],
    [ofSet('multiPoint', { enabled: [unknown] }), 'multiPoint.enabled[0].name: Not found: "Mine"'],
    [ofSet('filter', { enabled: [fixed] }), 'filter.enabled[0].name: Not found: "PrioritySort"'],
    [ofSet('filter', { enabled: [{ name: 'ImageLocality' }] }), 'Not found: "ImageLocality"'],
    [ofArgs('PrioritySort', {}), 'pluginConfig[0].name: Forbidden: PrioritySort takes no'],
    [ofArgs('Mine', {}), 'pluginConfig[0].name: Not found: "Mine"'],
  ])
})

test('how NodeResourcesFit scores', () => {
  const fit = (scoringStrategy: object) => ofArgs('NodeResourcesFit', { scoringStrategy })
  const weighing = (resource: object) => fit({ resources: [resource] })
  const type = 'RequestedToCapacityRatio'
  const shaped = (...shape: object[]) => fit({ type, requestedToCapacityRatio: { shape } })
  taken(
    fit({ type: 'LeastAllocated', resources: [] }),
    weighing({ name: 'cpu', weight: 1 }),
    weighing({ name: 'cpu', weight: 100 }),
    shaped({ utilization: 0, score: 0 }, { utilization: 100, score: 10 }),
  )
  const shape = [{ utilization: 0, score: 1 }]
  refused([
    [fit({ type: 'Other' }), 'scoringStrategy.type: Unsupported value: "Other"'],
    [fit({ requestedToCapacityRatio: { shape } }), 'means something only for type'],
    [weighing({ weight: 1 }), 'resources[0].name: Required value'],
    [weighing({ name: 'cpu', weight: 0 }), 'resources[0].weight: Invalid value: 0'],
    [weighing({ name: 'cpu', weight: 101 }), 'resources[0].weight: Invalid value: 101'],
    [shaped(), 'shape: Required value: at least one point'],
    [fit({ type }), 'shape: Required value: at least one point'],
    [shaped({ utilization: 101 }), 'shape[0].utilization: Invalid value: 101'],
    [shaped({ utilization: -1 }), 'shape[0].utilization: Invalid value: -1'],
    [shaped({ score: 11 }), 'shape[0].score: Invalid value: 11'],
    [
      shaped({ utilization: 5 }, { utilization: 5 }),
      'shape[1].utilization: Invalid value: 5: must be more than the one before',
    ],
  ])
})

test('what the other plugins may be told', () => {
  const balanced = (resource: object) =>
    ofArgs('NodeResourcesBalancedAllocation', { resources: [resource] })
  const spread = (constraint: object) =>
    ofArgs('PodTopologySpread', { defaultingType: 'List', defaultConstraints: [constraint] })
  const good = { maxSkew: 1, topologyKey: 'zone', whenUnsatisfiable: 'ScheduleAnyway' }
  const preempting = (percentage: number, absolute: number) =>
    ofArgs('DefaultPreemption', {
      minCandidateNodesPercentage: percentage,
      minCandidateNodesAbsolute: absolute,
    })
  const hard = (hardPodAffinityWeight: number) =>
    ofArgs('InterPodAffinity', { hardPodAffinityWeight })
  taken(
    ...[balanced({ name: 'cpu' }), balanced({ name: 'cpu', weight: 1 })],
    ...[spread(good), spread({ ...good, whenUnsatisfiable: 'DoNotSchedule' })],
    ofArgs('PodTopologySpread', { defaultingType: 'System', defaultConstraints: [] }),
    ...[preempting(0, 1), preempting(1, 0), preempting(100, 0)],
    ...[hard(0), hard(100)],
  )
  refused([
    [balanced({ weight: 1 }), 'resources[0].name: Required value'],
    [balanced({ name: 'cpu', weight: 2 }), 'resources[0].weight: Unsupported value: 2'],
    [
      ofArgs('PodTopologySpread', { defaultingType: 'X' }),
      'defaultingType: Unsupported value: "X"',
    ],
    [
      ofArgs('PodTopologySpread', { defaultConstraints: [good] }),
      "defaultConstraints: Invalid value: 1: when .defaultingType is not 'List'",
    ],
    [spread({ ...good, maxSkew: 0 }), 'defaultConstraints[0].maxSkew: Invalid value: 0'],
    [spread({ ...good, topologyKey: '' }), 'defaultConstraints[0].topologyKey: Required value'],
    [spread({ ...good, whenUnsatisfiable: 'X' }), 'whenUnsatisfiable: Unsupported value: "X"'],
    [spread({ ...good, labelSelector: {} }), 'labelSelector: Forbidden'],
    [preempting(-1, 1), 'minCandidateNodesPercentage: Invalid value: -1'],
    [preempting(0, 0), 'Absolute: Invalid value: 0: cannot be zero at the same time'],
    [hard(-1), 'hardPodAffinityWeight: Invalid value: -1'],
  ])
  assert.ok(!preempting(0, 0).includes('valid range'))
  assert.ok(!preempting(-1, 0).includes('at the same time'))
})
