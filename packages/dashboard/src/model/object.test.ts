import assert from 'node:assert/strict'
import { test } from 'node:test'
import { containersIn, readableOf } from './object.ts'

test('a container says what became of it', () => {
  const pod = {
    spec: { containers: [{ name: 'a', image: 'nginx' }, { name: 'b' }] },
    status: {
      containerStatuses: [
        { name: 'a', restartCount: 3, state: { waiting: { reason: 'CrashLoopBackOff' } } },
        { name: 'b', state: { running: {} } },
      ],
    },
  }
  assert.deepEqual(containersIn(pod), [
    { name: 'a', image: 'nginx', state: 'CrashLoopBackOff', restarts: 3 },
    { name: 'b', image: '', state: 'running', restarts: 0 },
  ])
  assert.deepEqual(containersIn({}), [])
  assert.equal(containersIn({ spec: { containers: [{ name: 'new' }] } })[0]?.state, '')
})

test('the values of a Secret are not shown, nor what was applied last', () => {
  const secret = {
    kind: 'Secret',
    metadata: {
      name: 's',
      managedFields: [],
      annotations: {
        'kubectl.kubernetes.io/last-applied-configuration': '{"data":{"p":"cGFzcw=="}}',
        a: 'b',
      },
    },
    data: { p: 'cGFzcw==' },
  }
  assert.deepEqual(readableOf(secret), {
    kind: 'Secret',
    metadata: { name: 's', annotations: { a: 'b' } },
    data: { p: '(secret)' },
  })
  assert.deepEqual(readableOf({ kind: 'ConfigMap', data: { a: '1' } }).data, { a: '1' })
})
