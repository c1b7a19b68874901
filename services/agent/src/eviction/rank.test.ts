import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Pod } from '@reckon/kubernetes'
import type { RuntimeUsage } from '../runtime/runtime-usage.ts'
import { firstToEvict, memoryUsed } from './rank.ts'

type Sketch = { name: string; memory?: string; priority?: number; usedBytes?: number }

const podOf = ({ name, memory, priority }: Sketch): Pod => ({
  ...{ apiVersion: 'v1', kind: 'Pod' },
  metadata: { name, namespace: 'default', uid: name },
  spec: {
    ...(priority !== undefined && { priority }),
    containers: [{ name: 'c', resources: { requests: memory ? { memory } : {} } }],
  },
})

function first(...sketches: Sketch[]): string | undefined {
  const usage: RuntimeUsage = {
    steadyMs: 0,
    containers: sketches.flatMap(({ name, usedBytes }) => {
      if (usedBytes === undefined) return []
      const pod = { uid: name, namespace: 'default', name }
      const half = { pod, startedAtMs: 0, cpuSeconds: 0, memoryBytes: usedBytes / 2 }
      return [
        { ...half, id: `${name}-c`, container: 'c' },
        { ...half, id: `${name}-d`, container: 'd' },
      ]
    }),
  }
  return firstToEvict(sketches.map(podOf), memoryUsed(usage), 'memory')?.pod.metadata.name
}

test('who uses more than it has asked for goes before who does not, whatever their priorities', () => {
  const modest = { name: 'modest', memory: '1Ki', priority: 0, usedBytes: 1_000 }
  const greedy = { name: 'greedy', priority: 1_000, usedBytes: 10 }
  assert.equal(first(modest, greedy), 'greedy')
})

test('of those the lowest priority goes first, then who is furthest above what was asked for', () => {
  const [low, high] = [
    { name: 'low', priority: 1, usedBytes: 10 },
    { name: 'high', priority: 2, usedBytes: 5_000 },
  ]
  assert.equal(first(high, low), 'low')
  const [some, much] = [
    { name: 'some', memory: '8Ki', usedBytes: 9_000 },
    { name: 'much', usedBytes: 1_000 },
  ]
  assert.equal(first(some, much), 'much')
})

test('what is critical, and what does not run, is left alone', () => {
  const critical = { name: 'critical', priority: 2_000_000_000, usedBytes: 10 }
  assert.equal(first(critical, { name: 'starting' }), undefined)
})

test('of a disk who writes more than it has asked for goes first', () => {
  const asking = (name: string, disk?: string): Pod => ({
    ...podOf({ name }),
    spec: {
      containers: [
        { name: 'c', resources: { requests: disk ? { 'ephemeral-storage': disk } : {} } },
      ],
    },
  })
  const used = new Map([
    ['modest', 9_000],
    ['greedy', 2_000],
  ])
  const first = firstToEvict(
    [asking('modest', '10k'), asking('greedy', '1k')],
    used,
    'ephemeral-storage',
  )
  assert.equal(first?.pod.metadata.name, 'greedy')
})
