import assert from 'node:assert/strict'
import { test } from 'node:test'
import { NodeImages } from './images.ts'

const having = (...images: [name: string, sizeBytes: number][]) => ({
  images: images.map(([name, sizeBytes]) => ({ names: [name], sizeBytes })),
})

test('an image lies on so many nodes, and is as large as the largest of them says', () => {
  const images = new NodeImages()
  images.set(1, having(['web:1', 10]))
  images.set(2, having(['web:1', 30]))
  images.set(3, having(['web:1', 20]))
  assert.deepEqual(images.stateOf('web:1'), { sizeBytes: 30, nodeCount: 3 })
  assert.deepEqual([images.has(1, 'web:1'), images.has(4, 'web:1')], [true, false])
  assert.equal(images.stateOf('web:2'), undefined)
})

test('what a node says again is no news, in whichever order; all else is', () => {
  const images = new NodeImages()
  assert.equal(images.set(1, undefined), false)
  assert.equal(images.set(1, { images: [] }), false)
  assert.equal(images.set(1, having(['a:1', 1], ['b:1', 2])), true)
  assert.equal(images.set(1, having(['b:1', 2], ['a:1', 1])), false)
  assert.equal(images.set(1, having(['a:1', 1], ['b:1', 3])), true)
  assert.equal(images.set(1, having(['a:1', 1], ['c:1', 3])), true)
  assert.equal(images.set(1, having(['a:1', 1])), true)
  assert.equal(images.set(1, undefined), true)
})

test('what no node has any more is known no more', () => {
  const images = new NodeImages()
  assert.ok(images.isEmpty)
  images.set(1, having(['a:1', 1]))
  images.set(2, having(['a:1', 1]))
  images.set(1, undefined)
  assert.deepEqual([images.isEmpty, images.stateOf('a:1')?.nodeCount], [false, 1])
  images.set(2, having(['b:1', 1]))
  assert.deepEqual([images.stateOf('a:1'), images.stateOf('b:1')?.nodeCount], [undefined, 1])
  images.set(2, undefined)
  assert.ok(images.isEmpty)
})

test('a name without a tag means the latest; the port of a registry is no tag', () => {
  const images = new NodeImages()
  images.set(1, having(['registry:5000/web:latest', 1]))
  assert.ok(images.has(1, 'registry:5000/web'))
  assert.ok(!images.has(1, 'registry:5000/web:5000'))
  images.set(2, having(['web:latest', 1]))
  assert.ok(images.has(2, 'web'))
})
