import assert from 'node:assert/strict'
import { test } from 'node:test'
import { momentFrom, momentOf, spanFrom } from './moment.ts'

const now = new Date(2026, 10, 26, 14, 2, 30)
const at = (...parts: [number, number, number, number, number, number]) => ({
  timeMs: new Date(...parts).getTime(),
})

test('positions, durations, days, times of day and times are moments', () => {
  assert.deepEqual(momentOf('90071992547409931', now), { position: 90071992547409931n })
  assert.deepEqual(momentOf('90s', now), at(2026, 10, 26, 14, 1, 0))
  assert.deepEqual(momentOf('1h30m', now), at(2026, 10, 26, 12, 32, 30))
  assert.deepEqual(momentOf('2d', now), at(2026, 10, 24, 14, 2, 30))
  assert.deepEqual(momentOf('2026-11-25', now), at(2026, 10, 25, 0, 0, 0))
  assert.deepEqual(momentOf('14:02', now), at(2026, 10, 26, 14, 2, 0))
  assert.deepEqual(momentOf('14:03', now), at(2026, 10, 25, 14, 3, 0))
  assert.deepEqual(momentOf('2026-11-25 08:00', now), at(2026, 10, 25, 8, 0, 0))
  const utc = Date.UTC(2026, 10, 25, 14, 2)
  assert.deepEqual(momentOf('2026-11-25T14:02:00Z', now), { timeMs: utc })
})

test('what is none is refused, saying what it may be', () => {
  for (const text of ['yesterday', '25:00', '10x', '', '-5', 'node-3', '2026-11-25x', '2026-13-01'])
    assert.equal(momentOf(text, now), undefined)
  assert.throws(() => momentFrom('--from', 'soon'), /--from: "soon" is no position .* \(1h30m\)/)
  assert.equal(momentFrom('--from', undefined), undefined)
})

test('a span ends no earlier than it begins, as far as that can be told without the log', () => {
  assert.deepEqual(spanFrom('5', '5'), { from: { position: 5n }, to: { position: 5n } })
  assert.deepEqual(spanFrom(undefined, '5'), { from: undefined, to: { position: 5n } })
  assert.ok(spanFrom('2026-11-25', '5'))
  assert.throws(() => spanFrom('6', '5'), /--to: "5" is before --from, "6"/)
  assert.throws(() => spanFrom('5m', '10m'), /--to: "10m" is before --from, "5m"/)
})
