import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Random } from '../simulation/random.ts'
import { checkHistory } from './check-history.ts'
import { falsehoods } from './falsehoods.ts'
import { modelHistory } from './model-history.ts'
import { described } from './violation.ts'

test('what clients of a cluster that keeps its promises write down is a true history', () => {
  for (let seed = 1; seed <= 300; seed++) {
    const { operations, events } = modelHistory(new Random(seed), 200)
    const { judged, violations } = checkHistory(operations, events)
    assert.deepEqual(violations.map(described), [], `seed ${seed}`)
    assert.equal(judged, operations.length, `seed ${seed}: every operation is judged`)
  }
})

test('every kind of answer occurs in them', () => {
  const { operations } = modelHistory(new Random(7), 10_000)
  const kinds = new Set(
    operations.map(({ answer, asked }) =>
      answer?.type === 'Refused' ? `${asked.verb} ${answer.reason}` : answer?.type,
    ),
  )
  for (const kind of [
    ...['Done', 'Gone', 'Listed', 'Watched', 'Unknown', undefined],
    ...['create AlreadyExists', 'create NotFound', 'create Forbidden', 'get NotFound'],
    ...['delete NotFound', 'patch Conflict', 'update Conflict', 'patch Invalid', 'delete Conflict'],
  ]) {
    assert.ok(kinds.has(kind), `${kind} occurs`)
  }
})

test('whatever is put wrong in a true history is found', () => {
  for (let seed = 1; seed <= 100; seed++) {
    for (const [name, falsify] of Object.entries(falsehoods)) {
      const random = new Random(seed)
      const history = structuredClone(modelHistory(random, 200))
      if (!falsify(random, history)) continue
      const { violations } = checkHistory(history.operations, history.events)
      assert.ok(violations.length > 0, `seed ${seed}: ${name}`)
    }
  }
})

test('the time that checking takes follows the size of the history', () => {
  const [small, large] = [4_000, 32_000].map((count) => {
    const { operations, events } = modelHistory(new Random(3), count)
    const startedAt = process.cpuUsage()
    const { judged } = checkHistory(operations, events)
    assert.equal(judged, count)
    // Not by the clock: other tests run at the same time.
    return process.cpuUsage(startedAt).user / 1000
  }) as [number, number]
  assert.ok(large < 3_000, `${large} ms for 32,000 operations`)
  assert.ok(large < small * 24 + 200, `${small} ms for 4,000, ${large} ms for 32,000`)
})
