import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createMetrics, KeyFailures } from '@reckon/process'
import { type Computation, FailedObjects } from './failed-objects.ts'

function started() {
  const logged: { key?: string; err?: unknown }[] = []
  const logger = { info() {}, warn: (fields: object) => logged.push(fields) }
  const clock = { now: () => 0, sleep: async () => {} }
  const metrics = createMetrics()
  const failed = new FailedObjects(new KeyFailures('sums', { logger, clock, metrics }))
  return { failed, logged, metrics }
}

/** The sum of what each object holds; one that holds none cannot be added. */
const sumOf = (objects: Record<string, number | undefined>): Computation<number> => {
  const sum = (values: readonly (number | undefined)[]) =>
    values.reduce<number>((all, value) => all + Number((value as number).toFixed()), 0)
  return {
    without: (leftOut) =>
      sum(Object.entries(objects).flatMap(([key, value]) => (leftOut.has(key) ? [] : [value]))),
    alone: () =>
      new Map(Object.entries(objects).map(([key, value]) => [key, () => sum([value])] as const)),
  }
}

test('what a bug keeps from being computed for one object is computed without it', async () => {
  const { failed, logged, metrics } = started()
  const objects = { a: 1, bad: undefined, b: 2 }
  assert.equal(
    failed.compute(sumOf(objects), () => '7'),
    3,
  )
  assert.equal(
    failed.compute(sumOf({ ...objects, c: 3 }), () => '7'),
    6,
  )
  assert.deepEqual(
    logged.map(({ key }) => key),
    ['bad'],
  )
  assert.ok(logged[0]?.err instanceof TypeError)
  assert.match(await metrics.metrics(), /^reckon_key_failures_total\{loop="sums"\} 2$/m)
})

test('one that went well since is told again when it fails again', () => {
  const { failed, logged } = started()
  for (const bad of [undefined, 1, undefined]) failed.compute(sumOf({ bad }), () => '7')
  assert.equal(logged.length, 2)
})

test('a bug that no object shows by itself is thrown', () => {
  const { failed, logged } = started()
  const together: Computation<number> = {
    without: () => {
      throw new TypeError('two hold the same')
    },
    alone: () => new Map([['a', () => 1]]),
  }
  assert.throws(() => failed.compute(together, () => '7'), /two hold the same/)
  assert.deepEqual(logged, [])
})
