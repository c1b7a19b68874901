import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Unseen } from './unseen.ts'

const keptMax = 4096

test('what the view has passed is forgotten; what it has not is there', () => {
  const view = { position: 10n }
  const unseen = new Unseen<string>(view)
  unseen.note('a', 11n, 'first')
  unseen.note('a', 12n, 'second')
  unseen.note('b', 9n, 'old')
  assert.equal(unseen.of('a'), 'second')
  assert.equal(unseen.of('b'), undefined)
  view.position = 11n
  assert.equal(unseen.of('a'), 'second')
  view.position = 12n
  assert.equal(unseen.of('a'), undefined)
})

test('what was noted of an event is told at its position alone, also once the view has it', () => {
  const view = { position: 11n }
  const unseen = new Unseen<string>(view)
  unseen.note('a', 12n, 'second')
  view.position = 12n
  assert.deepEqual([unseen.at('a', 12n), unseen.of('a')], ['second', undefined])
  assert.deepEqual([unseen.at('a', 11n), unseen.at('b', 12n)], [undefined, undefined])
})

test('of answers that come in another order the newest counts', () => {
  const unseen = new Unseen<string>({ position: undefined })
  unseen.note('a', 12n, 'second')
  unseen.note('a', 11n, 'first')
  assert.equal(unseen.of('a'), 'second')
})

test('however far the view is behind, no more than so many are kept: the oldest go first', () => {
  const unseen = new Unseen<number>({ position: 0n })
  for (let n = 0; n < keptMax + 2; n++) {
    unseen.note(`s-${n}`, BigInt(n + 1), n)
    unseen.note('s-0', BigInt(n + 1), n)
  }
  assert.equal(unseen.of('s-0'), keptMax + 1)
  assert.equal(unseen.of('s-1'), undefined)
  assert.equal(unseen.of('s-2'), undefined)
  assert.equal(unseen.of('s-3'), 3)
  assert.equal(unseen.of(`s-${keptMax + 1}`), keptMax + 1)
})

test('what was noted last goes last, however early its stream was noted first', () => {
  const unseen = new Unseen<number>({ position: 0n })
  for (let n = 0; n < keptMax; n++) unseen.note(`s-${n}`, BigInt(n + 1), n)
  unseen.note('s-0', BigInt(keptMax + 1), keptMax)
  unseen.note('one-more', BigInt(keptMax + 2), 0)
  assert.deepEqual([unseen.of('s-0'), unseen.of('s-1')], [keptMax, undefined])
})
