import assert from 'node:assert/strict'
import { test } from 'node:test'
import { imageProblem, mirrored, pullPolicyOf } from './image-reference.ts'

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

test('no image has a name with capitals, two tags or spaces', () => {
  const good = [
    'a',
    'a:1',
    'kubeguide/redis-master',
    'r.test:5000/a/b_c:V1',
    'localhost/a',
    'R.Test/a',
  ]
  for (const image of [...good, `a@sha256:${'0'.repeat(64)}`])
    assert.equal(imageProblem(image), undefined)
  const bad = ['', 'a b', 'a:b:c', 'UPPER:bad:tag', 'Foo/Bar:tag', 'a//b', 'a:', '-a', 'a@sha256:0']
  for (const image of bad) {
    assert.match(imageProblem(image) ?? '', /invalid reference format/, image)
  }
  assert.match(imageProblem('Foo/Bar:tag') ?? '', /repository name must be lowercase$/)
})
