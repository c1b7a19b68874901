import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Rejections } from './rejections.ts'

test('the same reasons of the same plugin are one rejection', () => {
  const rejections = new Rejections()
  const full = rejections.of('Fit', ['Insufficient cpu', 'Too many pods'])
  assert.equal(rejections.of('Fit', ['Insufficient cpu', 'Too many pods']), full)
  const others = [
    rejections.of('Fit', ['Insufficient cpu']),
    rejections.of('Other', ['Insufficient cpu', 'Too many pods']),
    rejections.of('Fit', 'Too many pods'),
  ]
  assert.equal(new Set([full, ...others].map(({ id }) => id)).size, 4)
  assert.deepEqual(others[2]?.reasons, ['Too many pods'])
  assert.equal(rejections.at(full.id), full)
  assert.equal(rejections.at(99), undefined)
})
