import assert from 'node:assert/strict'
import { test } from 'node:test'
import { mirrored, pullPolicyOf } from './image-reference.ts'

test("a mirror has Docker Hub's images under their full names", () => {
  assert.equal(mirrored('redis', '127.0.0.1:5055'), '127.0.0.1:5055/library/redis:latest')
  assert.equal(mirrored('redis:4', '127.0.0.1:5055'), '127.0.0.1:5055/library/redis:4')
  assert.equal(mirrored('docker.io/a/b:1', '127.0.0.1:5055'), '127.0.0.1:5055/a/b:1')
})

test('images of other registries are not asked of the mirror', () => {
  assert.equal(mirrored('registry.example:5000/a/b:1', '127.0.0.1:5055'), undefined)
  assert.equal(mirrored('localhost/a', '127.0.0.1:5055'), undefined)
})

test('an image without a fixed tag is always pulled, unless its container says otherwise', () => {
  assert.equal(pullPolicyOf({ image: 'redis' }), 'Always')
  assert.equal(pullPolicyOf({ image: 'redis:4' }), 'IfNotPresent')
  assert.equal(pullPolicyOf({ image: 'redis@sha256:00' }), 'IfNotPresent')
  assert.equal(pullPolicyOf({ image: 'redis', imagePullPolicy: 'Never' }), 'Never')
})
