import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type KubernetesObject, pods } from '@reckon/kubernetes'
import { storedOf } from '../stored-object.fixture.ts'
import type { StoredObject } from '../stored-object.ts'
import { IndexedObjects } from './indexed-objects.ts'

const stored = (name: string, position: number): StoredObject => {
  const object: KubernetesObject = { apiVersion: 'v1', kind: 'Pod', metadata: { name } }
  return { ...storedOf(object), position: BigInt(position) }
}

/** Numbers that are the same each time. */
function numbersOf(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return (state >>> 8) % below
  }
}

const shown = (all: Iterable<readonly [string, StoredObject]>) =>
  Array.from(all, ([stream, { position }]) => `${stream}@${position}`).sort()

for (let seed = 1; seed <= 40; seed++) {
  test(`objects taken one by one are those of the call, whatever changes between (seed ${seed})`, () => {
    const below = numbersOf(seed)
    const objects = new IndexedObjects()
    let position = 0
    const change = () => {
      const name = `p${below(12)}`
      if (below(3) === 0) objects.remove(name)
      else objects.put(pods, name, stored(name, ++position))
    }
    for (let i = 0; i < 20; i++) change()
    const atOnce = shown(objects.asOfNow())
    const later = objects.asOfNow()
    for (let i = below(8); i > 0; i--) change()
    const taken: (readonly [string, StoredObject])[] = []
    for (const each of later) {
      taken.push(each)
      for (let i = below(4); i > 0; i--) change()
    }
    assert.deepEqual(shown(taken), atOnce)
  })
}

test('a second call ends the first, whose taker hears of it', () => {
  const objects = new IndexedObjects()
  for (const name of ['a', 'b']) objects.put(pods, name, stored(name, 1))
  const first = objects.asOfNow()[Symbol.iterator]()
  first.next()
  assert.equal(shown(objects.asOfNow()).length, 2)
  assert.throws(() => first.next(), /another point in time/)
})

test('one that is ended before it began says so as well', () => {
  const objects = new IndexedObjects()
  const first = objects.asOfNow()
  objects.asOfNow()
  assert.throws(() => shown(first), /another point in time/)
})
