import assert from 'node:assert/strict'
import { test } from 'node:test'
import { byUser, recordedEvent } from '../recorded-event.fixture.ts'
import { causesOf, type TraceNode, traceOf } from './trace.ts'

/** The event `e<position>`, so many seconds after the beginning, and what caused it. */
const event = (position: bigint, type: string, seconds: number, cause?: string) =>
  recordedEvent(
    type,
    {},
    {
      position,
      metadata: byUser('ada', {
        time: new Date(Date.UTC(2026, 0, 1) + seconds * 1000).toISOString(),
        ...(cause && { $causationId: cause }),
      }),
    },
  )
const events = [
  event(1n, 'DeploymentCreated', 0, 'of another request'),
  event(2n, 'ReplicaSetCreated', 1, 'e1'),
  event(3n, 'PodCreated', 3, 'e2'),
  event(4n, 'PodCreated', 4, 'e2'),
  event(5n, 'ServiceCreated', 9),
]
const outline = ({ type, tookMs, children }: TraceNode): string =>
  `${type}${tookMs === undefined ? '' : ` after ${tookMs}`}(${children.map(outline).join(', ')})`

test('what followed from an event stands below it, with the time that it took', () =>
  assert.deepEqual(traceOf(events).map(outline), [
    'DeploymentCreated(ReplicaSetCreated after 1000(PodCreated after 2000(), PodCreated after 3000()))',
    'ServiceCreated()',
  ]))

test('the causes of an event lead from the first one to it', () => {
  const causes = (id: string) => causesOf(traceOf(events), id).map((node) => node.id)
  assert.deepEqual(causes('e4'), ['e1', 'e2', 'e4'])
  assert.deepEqual(causes('e5'), ['e5'])
  assert.deepEqual(causes('missing'), [])
})
