import assert from 'node:assert/strict'
import { test } from 'node:test'
import { loggedReason } from './logged-reason.ts'

test('the reason is the last message, whole where it quotes something', () => {
  const message = 'it is not what "reckon export" writes, or torn (C:\\\\x)'
  const lines = [
    '04:12:01.100 reads',
    `04:12:01.200 ends ${JSON.stringify({ error: { message } })}`,
  ]
  assert.equal(loggedReason(`${lines.join('\n')}\n`), message)
})

test('a line without a message is the reason itself', () => {
  assert.equal(loggedReason('a\nout of memory\n'), 'out of memory')
  assert.equal(loggedReason(''), '')
})
