import assert from 'node:assert/strict'
import { test } from 'node:test'
import { takesGzip } from './answer-form.ts'

test('gzip is sent to who takes it, and not to who says that it does not', () => {
  for (const accepted of ['gzip', 'deflate, gzip;q=0.5', 'GZIP', 'gzip; q=1.0,br']) {
    assert.ok(takesGzip(accepted), accepted)
  }
  for (const accepted of ['', 'identity', 'gzip;q=0', 'gzip; q=0.0, br', 'gzipped', 'br']) {
    assert.ok(!takesGzip(accepted), accepted)
  }
})
