import assert from 'node:assert/strict'
import { test } from 'node:test'
import { commandStatus, terminalSizeIn } from './command-client.ts'

test('the client is told the exit code as a cause, or why there is none', () => {
  assert.deepEqual(commandStatus({ type: 'Done', exitCode: 0 }), {
    metadata: {},
    status: 'Success',
  })
  const failed = commandStatus({ type: 'Done', exitCode: 3 })
  assert.deepEqual(
    [failed.status, failed.reason, failed.details?.causes],
    ['Failure', 'NonZeroExitCode', [{ reason: 'ExitCode', message: '3' }]],
  )
  const lost = commandStatus({ type: 'Lost', message: 'the other end is silent' })
  assert.deepEqual(
    [lost.reason, lost.message],
    ['InternalError', 'Internal error occurred: the other end is silent'],
  )
})

test('a terminal has a size, or what is told is none', () => {
  const size = (text: string) => terminalSizeIn(Buffer.from(text))
  assert.deepEqual(size('{"Width":80,"Height":24}'), { width: 80, height: 24 })
  for (const text of [
    '',
    '{',
    '[]',
    '{"Width":0,"Height":1}',
    '{"Width":1}',
    '{"Width":"8","Height":2}',
  ]) {
    assert.equal(size(text), undefined, text)
  }
})
