import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Container, Pod, Volume } from '@reckon/kubernetes'
import { excessOf, type LocalUse, localLimitsOf } from './local-limits.ts'

type Sketch = {
  containers?: Record<string, string>
  init?: string
  volumes?: Record<string, string>
}

const limited = (name: string, limit: string | undefined): Container => ({
  name,
  ...(limit && { resources: { limits: { 'ephemeral-storage': limit } } }),
})

const podOf = ({ containers = { c: '' }, init, volumes = {} }: Sketch): Pod => ({
  ...{ apiVersion: 'v1', kind: 'Pod' },
  metadata: { name: 'p', namespace: 'default', uid: 'p' },
  spec: {
    containers: Object.entries(containers).map(([name, limit]) => limited(name, limit)),
    ...(init && { initContainers: [limited('init', init)] }),
    volumes: Object.entries(volumes).map(
      ([name, sizeLimit]): Volume => ({ name, emptyDir: sizeLimit ? { sizeLimit } : {} }),
    ),
  },
})

type Used = { volumes?: Record<string, number>; containers?: Record<string, number> }

function said(sketch: Sketch, { volumes = {}, containers = {} }: Used): string | undefined {
  const limits = localLimitsOf(podOf(sketch))
  const all = [...Object.values(volumes), ...Object.values(containers)]
  const use: LocalUse = {
    volumes: new Map(Object.entries(volumes)),
    containers: new Map(Object.entries(containers)),
    totalBytes: all.reduce((sum, each) => sum + each, 0),
  }
  return limits && excessOf(limits, use)
}

test('a pod without limits, and one whose limit is nothing, may write what it likes', () => {
  assert.equal(localLimitsOf(podOf({ volumes: { v: '', w: '0' } })), undefined)
})

test('a volume of which more is used than its limit, and not as much, is told', () => {
  const volumes = { v: '1024Ki' }
  assert.equal(said({ volumes }, { volumes: { v: 2 ** 20 } }), undefined)
  assert.equal(
    said({ volumes }, { volumes: { v: 2 ** 20 + 1 } }),
    'Usage of EmptyDir volume "v" exceeds the limit "1Mi". ',
  )
})

test('what containers and volumes hold counts against the limits of all containers together', () => {
  const containers = { a: '1M', b: '500k', c: '' }
  const written = { volumes: { v: 1_000_000 }, containers: { a: 400_000 } }
  assert.equal(said({ containers }, written), undefined)
  assert.equal(
    said({ containers }, { ...written, containers: { a: 400_000, c: 100_001 } }),
    'Pod ephemeral local storage usage exceeds the total limit of containers 1500k. ',
  )
  // The init container may write more than all that come after it.
  assert.equal(said({ containers, init: '2M' }, { containers: { init: 1_900_000 } }), undefined)
})

test('a container is held to its own limit, however little the others write', () => {
  const containers = { a: '1M', b: '500k' }
  assert.equal(said({ containers }, { containers: { a: 600_000 } }), undefined)
  assert.equal(
    said({ containers }, { containers: { b: 600_000 } }),
    'Container b exceeded its local ephemeral storage limit "500k". ',
  )
})
