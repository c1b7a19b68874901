import assert from 'node:assert/strict'
import { test } from 'node:test'
import { formatEvent, type LoggedEvent } from './format-event.ts'

const event = (data: unknown): LoggedEvent => ({
  id: '1',
  type: 'DeploymentScaled',
  stream: 'deployments.apps-default/web',
  position: '42',
  revision: '1',
  data,
  metadata: {
    actor: { user: 'system:controller:deployment-controller' },
    verb: 'patch',
    time: '2026-11-21T14:02:00.123Z',
    $correlationId: 'c',
  },
})

test('an event is one line: position, time, actor, stream, event, change', () => {
  const patch = [{ op: 'replace', path: '/spec/replicas', value: 3 }]
  const line = formatEvent(event({ patch }), { color: false })
  assert.deepEqual(line.split(/ {2,}/).filter(Boolean), [
    '42',
    '2026-11-21 14:02:00.123',
    'deployment-controller',
    'deployments.apps-default/web',
    'DeploymentScaled',
    'spec.replicas=3',
  ])
})

test('a change of a Secret says no more than that there is one', () => {
  const line = formatEvent(event({ sealed: { key: 'u' } }), { color: false })
  assert.match(line, /DeploymentScaled {2}\(sealed\)$/)
})

test('long changes are shortened', () => {
  const patch = Array.from({ length: 6 }, (_, n) => ({
    op: n === 0 ? 'remove' : 'add',
    path: `/data/k${n}`,
    value: 'x'.repeat(100),
  }))
  const line = formatEvent(event({ patch }), { color: false })
  assert.match(line, / -data\.k0 data\.k1="x+… .*\(\+2 more\)$/)
})
