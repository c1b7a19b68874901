import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { TraceNode } from '@reckon/domain'
import { formatTrace } from './format-trace.ts'
import { otlpTrace } from './otlp-trace.ts'

const node = (
  position: number,
  type: string,
  stream: string,
  children: TraceNode[] = [],
): TraceNode => ({
  id: `0000000${position}-0000-0000-0000-000000000000`,
  ...{ type, stream, children, tookMs: position },
  author: {
    position: String(position),
    time: '2026-01-01T00:00:00.000Z',
    user: 'ada',
    verb: 'create',
  },
})
const started = (n: number) => node(n, 'PodStarted', `pods-default/web-${n}`)
const root = node(1, 'DeploymentCreated', 'deployments.apps-default/web', [
  node(2, 'ReplicaSetCreated', 'replicasets.apps-default/web-1', [
    node(3, 'PodCreated', 'pods-default/web-a', [started(5)]),
    node(4, 'PodCreated', 'pods-default/web-b', [started(6)]),
    node(7, 'PodCreated', 'pods-default/web-c'),
  ]),
])

test('what followed is told as a tree, equal siblings in one line', () => {
  const lines = formatTrace({ causes: [], roots: [root] }).split('\n')
  assert.deepEqual(lines, [
    'DeploymentCreated deployments.apps-default/web  2026-01-01 00:00:00.000  1  by ada',
    '└ ReplicaSetCreated replicasets.apps-default/web-1  +2 ms  ada',
    '  ├ PodCreated × 2 pods-default/web-a  +3–4 ms  ada',
    '  │ └ PodStarted pods-default/web-5  +5 ms  ada',
    '  └ PodCreated pods-default/web-c  +7 ms  ada',
  ])
})

test('for OpenTelemetry each event is a span of one trace, below its cause', () => {
  const text = JSON.stringify(otlpTrace([root]))
  assert.equal(text.match(/"spanId"/g)?.length, 7)
  assert.equal(text.match(/"parentSpanId"/g)?.length, 6)
  assert.match(text, /"traceId":"[0-9a-f]{32}","spanId":"[0-9a-f]{16}"/)
})
