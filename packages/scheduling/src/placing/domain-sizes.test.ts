import assert from 'node:assert/strict'
import { test } from 'node:test'
import { LabelColumn } from '../state/label-columns.ts'
import { DomainSizes } from './domain-sizes.ts'

/** Nodes by slot, each with the value of a label, and how many of them each domain has. */
function sizesOf(...values: (string | undefined)[]) {
  const column = new LabelColumn(8)
  for (const [slot, value] of values.entries()) column.set(slot, value)
  const sizes = new DomainSizes(column)
  for (const slot of values.keys()) sizes.look(slot, true)
  return { column, sizes }
}

test('a domain counts as long as it has an eligible node', () => {
  const { sizes } = sizesOf('a', 'a', 'b', undefined)
  assert.equal(sizes.count, 2)
  assert.ok(sizes.look(2, false))
  assert.ok(!sizes.look(2, false), 'nothing changed')
  assert.equal(sizes.count, 1)
  assert.ok(sizes.look(0, false))
  assert.equal(sizes.count, 1)
  assert.ok(sizes.look(0, true))
  assert.ok(sizes.look(2, true))
  assert.equal(sizes.count, 2)
})

test('a node lies in one domain, and in none without the label or while it is not eligible', () => {
  const { column, sizes } = sizesOf('a', 'b', undefined)
  const domains = () => [0, 1, 2, 7].map((slot) => sizes.domainOf(slot))
  assert.deepEqual(domains(), [0, 1, -1, -1])
  column.set(0, 'b')
  assert.deepEqual(domains(), [0, 1, -1, -1], 'not looked at yet')
  assert.ok(sizes.look(0, true))
  assert.deepEqual([domains(), sizes.count], [[1, 1, -1, -1], 1])
  sizes.look(1, false)
  assert.deepEqual([domains(), sizes.count], [[1, -1, -1, -1], 1])
})

test('the least is looked for where there are eligible nodes', () => {
  const { sizes } = sizesOf('a', 'b', 'c')
  const values = [5, 1, 3]
  const least = () => sizes.leastOf((domain) => values[domain] ?? 0)
  assert.equal(least(), 1)
  sizes.look(1, false)
  assert.equal(least(), 3)
  for (const slot of [0, 2]) sizes.look(slot, false)
  assert.equal(least(), Number.POSITIVE_INFINITY)
})
