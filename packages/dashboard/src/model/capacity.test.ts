import assert from 'node:assert/strict'
import { test } from 'node:test'
import { capacityOf, shareOf, shownAmount, type UtilisationAnswer } from './capacity.ts'

const use = (requested: number, allocatable: number) => ({ requested, allocatable })
const told: UtilisationAnswer = {
  all: { cpu: use(3_500, 8_000), memory: use(2 ** 30, 2 ** 33), pods: use(3, 220) },
  nodes: {
    a: { cpu: use(500, 4_000), memory: use(0, 2 ** 32), pods: use(1, 110) },
    b: { cpu: use(3_000, 4_000), memory: use(2 ** 30, 2 ** 32), pods: use(2, 110) },
  },
}

test('what is used stands beside what is asked for, the fullest node first', () => {
  const usage = {
    items: [
      { metadata: { name: 'a' }, usage: { cpu: '250000000n', memory: '1024Ki' } },
      { metadata: { name: 'b' }, usage: { cpu: '1', memory: '1Gi' } },
    ],
  }
  const { all, nodes } = capacityOf(told, usage)
  assert.deepEqual(
    nodes.map(([name]) => name),
    ['b', 'a'],
  )
  assert.deepEqual(all.cpu, { requested: 3_500, allocatable: 8_000, used: 1_250 })
  assert.equal(nodes[1]?.[1].memory.used, 2 ** 20)
  assert.equal(shareOf(all.cpu.requested, all.cpu), 0.4375)
})

test('nothing is said to be used where nobody tells', () => {
  for (const usage of [undefined, {}, { items: [] }]) {
    assert.equal(capacityOf(told, usage).all.cpu.used, undefined)
  }
})

test('amounts are short, in units that people read', () => {
  assert.equal(shownAmount('cpu', 3_500), '3.5')
  assert.equal(shownAmount('cpu', 0), '0')
  assert.equal(shownAmount('cpu', 120_000), '120')
  assert.equal(shownAmount('memory', 2 ** 33), '8 GiB')
  assert.equal(shownAmount('memory', 5 * 2 ** 20), '5 MiB')
  assert.equal(shownAmount('pods', 110), '110')
})
