import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { RecordedEvent } from '@reckon/eventing'
import { indexAnnotation, indexesText } from './completion-index.ts'
import { PodsEverCreated } from './pods-ever-created.ts'

let position = 2n ** 60n
const event = (type: string, stream: string, data: unknown): RecordedEvent => ({
  id: String(++position),
  type,
  stream,
  revision: 0n,
  position,
  data,
  metadata: undefined,
})
const job = event('JobCreated', 'jobs.batch-default/sum', {
  object: {
    ...{ apiVersion: 'batch/v1', kind: 'Job', metadata: { name: 'sum', uid: 'j' } },
    spec: { template: {} },
  },
})
const pod = (name: string, index?: number) =>
  event('PodCreated', `pods-default/${name}`, {
    object: {
      apiVersion: 'v1',
      kind: 'Pod',
      spec: { containers: [] },
      metadata: {
        name,
        ownerReferences: [{ uid: 'j', controller: true }],
        ...(index !== undefined && { annotations: { [indexAnnotation]: String(index) } }),
      },
    },
  })
const then = (type: string, name: string) => event(type, `pods-default/${name}`, { patch: [] })
const nothing = { succeeded: 0, failed: 0, indexes: new Set(), failures: new Map() }
/** How the pods of the one Job ended. */
const endsIn = (view: PodsEverCreated) => {
  const { succeeded, failed, indexes, failures } = view.endsOf('j')
  return { succeeded, failed, indexes, failures }
}
const viewOf = (...events: RecordedEvent[]) => {
  const view = new PodsEverCreated()
  for (const each of events) view.apply(each)
  return view
}

test('how a pod ended counts once, also when it is gone or says so twice', () => {
  const ends = [then('PodSucceeded', 'a'), then('PodSucceeded', 'a'), then('PodDeleted', 'a')]
  const view = viewOf(job, pod('a'), ...ends, pod('b'), then('PodFailed', 'b'))
  assert.deepEqual(endsIn(view), { ...nothing, succeeded: 1, failed: 1 })
})

test('a pod that somebody deletes has failed, however it then ends, and whether or not it ever ran', () => {
  const ending = [
    then('PodDeletionRequested', 'a'),
    then('PodSucceeded', 'a'),
    then('PodDeleted', 'a'),
  ]
  const view = viewOf(job, pod('a'), ...ending, pod('b'), then('PodDeleted', 'b'))
  assert.deepEqual(endsIn(view), { ...nothing, failed: 2 })
})

test('where only failed pods are replaced, a deleted one counts as it ends, and not at all where nobody saw that', () => {
  const awaiting = event('JobCreated', 'jobs.batch-default/sum', {
    object: {
      ...{ apiVersion: 'batch/v1', kind: 'Job', metadata: { name: 'sum', uid: 'j' } },
      spec: { template: {}, podReplacementPolicy: 'Failed' },
    },
  })
  const asked = (name: string) => then('PodDeletionRequested', name)
  const before = viewOf(awaiting, pod('a'), asked('a'), pod('b'), asked('b'), pod('c'), asked('c'))
  assert.deepEqual(endsIn(before), nothing)
  const restored = new PodsEverCreated()
  for (const record of JSON.parse(JSON.stringify(before.snapshot()))) restored.restore(record)
  for (const type of ['PodSucceeded', 'PodDeleted']) restored.apply(then(type, 'a'))
  for (const type of ['PodFailed', 'PodDeleted']) restored.apply(then(type, 'b'))
  restored.apply(then('PodDeleted', 'c'))
  assert.deepEqual(endsIn(restored), { ...nothing, succeeded: 1, failed: 1 })
})

test('a pod that its Job has stopped fails without being counted, over a snapshot as well; whoever else stops it, it counts', () => {
  const stopped = (name: string, user: string): RecordedEvent => ({
    ...then('PodDeletionRequested', name),
    metadata: { actor: { user }, verb: 'delete', time: '', $correlationId: '' },
  })
  const before = viewOf(
    ...[job, pod('a'), stopped('a', 'system:controller:job-controller')],
    ...[pod('b'), stopped('b', 'ada')],
    ...[pod('c'), { ...stopped('c', 'system:controller:job-controller'), type: 'PodDeleted' }],
  )
  const restored = new PodsEverCreated()
  for (const record of JSON.parse(JSON.stringify(before.snapshot()))) restored.restore(record)
  for (const name of ['a', 'b']) restored.apply(then('PodFailed', name))
  assert.deepEqual(endsIn(restored), { ...nothing, failed: 1 })
})

test('an index is done once one of its pods has succeeded', () => {
  const failed = [pod('a', 3), then('PodFailed', 'a')]
  const view = viewOf(job, ...failed, pod('b', 3), then('PodSucceeded', 'b'))
  assert.deepEqual([...view.endsOf('j').indexes], [3])
})

test('a restored snapshot goes on with the pods that have not ended', () => {
  const view = viewOf(job, pod('a', 0), then('PodSucceeded', 'a'), pod('b', 1))
  const restored = new PodsEverCreated()
  for (const record of JSON.parse(JSON.stringify(view.snapshot()))) restored.restore(record)
  restored.apply(then('PodSucceeded', 'b'))
  assert.deepEqual(endsIn(restored), {
    ...nothing,
    succeeded: 2,
    indexes: new Set([0, 1]),
  })
})

test('nothing is kept of a Job that is gone, once its pods are', () => {
  const gone = event('JobDeleted', 'jobs.batch-default/sum', { patch: [] })
  assert.equal(viewOf(job, pod('a'), gone, then('PodDeleted', 'a')).snapshot().length, 1)
})

test('indexes are told in ranges', () => {
  assert.equal(indexesText([5, 1, 3, 2, 7]), '1-3,5,7')
  assert.equal(indexesText([]), '')
})

const judging = event('JobCreated', 'jobs.batch-default/sum', {
  object: {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name: 'sum', uid: 'j' },
    spec: {
      template: {},
      podFailurePolicy: {
        rules: [
          { action: 'Ignore', onPodConditions: [{ type: 'DisruptionTarget', status: 'True' }] },
          { action: 'FailIndex', onExitCodes: { operator: 'In', values: [7] } },
          { action: 'FailJob', onExitCodes: { operator: 'In', values: [42] } },
        ],
      },
    },
  },
})
const failing = (name: string, status: object) =>
  event('PodFailed', `pods-default/${name}`, {
    patch: [{ op: 'add', path: '/status', value: { phase: 'Failed', ...status } }],
  })
const exited = (exitCode: number) => ({
  containerStatuses: [
    {
      name: 'c',
      image: '',
      imageID: '',
      ready: false,
      restartCount: 0,
      state: { terminated: { exitCode } },
    },
  ],
})

test('what the policy says of a failure is decided when it happens, from all that the pod tells', () => {
  const disrupted = { ...exited(42), conditions: [{ type: 'DisruptionTarget', status: 'True' }] }
  const view = viewOf(
    ...[judging, pod('a', 0), failing('a', disrupted)],
    ...[pod('b', 1), failing('b', exited(7)), pod('c', 2), failing('c', exited(1))],
  )
  const { failed, failures, verdict } = view.endsOf('j')
  assert.deepEqual([failed, verdict], [2, undefined])
  assert.deepEqual(
    [...failures],
    [
      [1, { count: 1, isFinal: true }],
      [2, { count: 1, isFinal: false }],
    ],
  )
})

test('a Job that the policy fails stays so, over a snapshot as well', () => {
  const before = viewOf(judging, pod('a', 0), pod('b', 1), failing('b', exited(7)))
  const restored = new PodsEverCreated()
  for (const record of JSON.parse(JSON.stringify(before.snapshot()))) restored.restore(record)
  restored.apply(failing('a', exited(42)))
  const { verdict, failures } = restored.endsOf('j')
  assert.equal(
    verdict,
    'Container c for pod undefined/a failed with exit code 42 matching FailJob rule at index 2',
  )
  assert.deepEqual(failures.get(1), { count: 1, isFinal: true })
})
