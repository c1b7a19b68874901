import assert from 'node:assert/strict'
import { test } from 'node:test'
import { thinned } from './thinned.ts'

test('a series that is thinned each time that it grows stays short, and dense near its end', () => {
  let series: readonly bigint[] = []
  for (let n = 1n; n <= 5000n; n++) {
    series = thinned([...series, n * 50_000n])
    assert.equal(series.at(-1), n * 50_000n)
    assert.equal(series[0], 50_000n)
    if (n > 6n) assert.ok(series.includes((n - 3n) * 50_000n))
  }
  assert.ok(series.length < 50, `${series.length} are kept`)
  for (const [index, position] of series.entries()) {
    const after = series[index + 1]
    if (after === undefined) break
    const age = 250_000_000n - position
    assert.ok((after - position) * 2n <= age || after - position === 50_000n)
  }
})

test('what stands closer together goes sooner', () => {
  assert.deepEqual(thinned([]), [])
  assert.deepEqual(thinned([5n]), [5n])
  assert.deepEqual(thinned([100n, 101n, 102n, 200n]), [100n, 102n, 200n])
})
