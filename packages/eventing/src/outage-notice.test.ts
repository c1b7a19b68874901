import assert from 'node:assert/strict'
import { test } from 'node:test'
import { OutageNotice } from './outage-notice.ts'

test('an outage is told once, and so is its end', () => {
  const lines: string[] = []
  const logger = {
    info: (fields: object, message: string) => lines.push(`${message} ${JSON.stringify(fields)}`),
    warn: (fields: object, message: string) => lines.push(`${message} ${JSON.stringify(fields)}`),
  }
  const notice = new OutageNotice(logger, 'x waits', { service: 'x' })
  notice.withdraw()
  notice.give(new Error('away'))
  notice.give(new Error('away'))
  notice.withdraw()
  notice.withdraw()
  notice.give(new Error('away again'))
  assert.deepEqual(lines, [
    'x waits {"service":"x","error":"away"}',
    'no longer: x waits {"service":"x"}',
    'x waits {"service":"x","error":"away again"}',
  ])
})
