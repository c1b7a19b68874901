import assert from 'node:assert/strict'
import { test } from 'node:test'
import { storageClasses } from '@reckon/kubernetes'
import { newestDefault } from './newest-default.ts'
import { having } from './others.fixture.ts'

const classOf = (name: string, creationTimestamp: string) => ({
  ...{ apiVersion: 'storage.k8s.io/v1', kind: 'StorageClass', provisioner: 'p' },
  metadata: { name, creationTimestamp },
})

test('of several defaults the newest is taken, of equally new ones the first by name', () => {
  const others = having([
    classOf('a', '2026-01-01T00:00:00Z'),
    classOf('b', '2026-01-02T00:00:00Z'),
    classOf('c', '2026-01-02T00:00:00Z'),
    classOf('d', '2025-12-31T00:00:00Z'),
    classOf('e', '2026-01-03T00:00:00Z'),
  ])
  const newestOf = (names: string) =>
    newestDefault(storageClasses, others, ({ metadata }) => names.includes(metadata.name))
  assert.equal(newestOf('abcd')?.metadata.name, 'b')
  assert.equal(newestOf('abcde')?.metadata.name, 'e')
  assert.equal(newestOf(''), undefined)
})
