import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  parseStreamOutcome,
  parseStreamRequest,
  parseTerminalSize,
} from './parse-stream-message.ts'
import type { StreamOutcome, StreamRequest } from './stream-request.ts'

const encoded = (value: unknown) => new TextEncoder().encode(JSON.stringify(value))
const pod = { namespace: 'default', name: 'web', uid: 'uid' }
const container = { pod, container: 'c', id: '4f2a' }
const streams = { stdin: true, stdout: true, stderr: false, tty: true }

test('each request and each outcome is read as it was written', () => {
  const options = { follow: true, timestamps: false, sinceSeconds: 5, tailLines: 0, limitBytes: 1 }
  const requests: StreamRequest[] = [
    { type: 'Log', ...container, options },
    { type: 'Log', ...container, options: { follow: false, timestamps: true, sinceTime: '2026' } },
    { type: 'Exec', ...container, command: ['sh', '-c', ''], streams },
    { type: 'Attach', ...container, streams },
    { type: 'PortForward', pod, port: 65_535 },
    { type: 'Node', question: 'pods' },
  ]
  for (const request of requests) assert.deepEqual(parseStreamRequest(encoded(request)), request)
  const outcomes: StreamOutcome[] = [
    { type: 'Done', exitCode: 0 },
    { type: 'Refused', reason: 'NotFound', message: 'none' },
    { type: 'Cancelled' },
    { type: 'Lost', message: 'why' },
  ]
  for (const outcome of outcomes) assert.deepEqual(parseStreamOutcome(encoded(outcome)), outcome)
  assert.deepEqual(parseTerminalSize(encoded({ width: 80, height: 24 })), { width: 80, height: 24 })
})

test('what is none is refused', () => {
  const requests = [
    null,
    { type: 'Shell' },
    { type: 'PortForward', pod, port: 65_536 },
    { type: 'Node', question: 'logs' },
    { type: 'PortForward', pod: { ...pod, uid: '' }, port: 1 },
    { type: 'Exec', ...container, command: [], streams },
    { type: 'Exec', ...container, command: [7], streams },
    { type: 'Attach', ...container },
    { type: 'Log', ...container, options: { tailLines: -1 } },
  ]
  for (const request of requests) {
    assert.throws(() => parseStreamRequest(encoded(request)), SyntaxError)
  }
  const outcomes = [{}, { type: 'Done' }, { type: 'Refused', reason: 'Forbidden', message: 'no' }]
  for (const outcome of outcomes) {
    assert.throws(() => parseStreamOutcome(encoded(outcome)), SyntaxError)
  }
  for (const size of [{}, { width: 0, height: 1 }, { width: 1, height: 70_000 }]) {
    assert.throws(() => parseTerminalSize(encoded(size)), SyntaxError)
  }
})
