import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ContainerConsumed } from '../runtime/runtime-usage.ts'
import { type Reading, usageBetween } from './usage-between.ts'

const pod = { uid: 'u', namespace: 'default', name: 'web' }
const container = (id: string, cpuSeconds: number, startedAtMs = 1_000): ContainerConsumed => ({
  ...{ id, pod, container: id, startedAtMs },
  ...{ cpuSeconds, memoryBytes: 100 },
})
const reading = (
  readAtMs: number,
  machineSeconds: number,
  ...containers: ContainerConsumed[]
): Reading => ({
  readAtMs,
  steadyMs: readAtMs - 5_000,
  machine: { cpuSeconds: machineSeconds, memoryBytes: 1_000 },
  containers,
})

test('what is used between two readings is processor time over time', () => {
  const usage = usageBetween(
    reading(10_000, 50, container('c', 1)),
    reading(20_000, 70, container('c', 3.5)),
  )
  assert.deepEqual(usage, {
    node: { cpuNanocores: 2e9, memoryBytes: 1_000, windowMs: 10_000 },
    pods: [
      {
        uid: 'u',
        windowMs: 10_000,
        containers: [{ name: 'c', cpuNanocores: 250_000_000, memoryBytes: 100 }],
      },
    ],
  })
})

test('a container that is read for the first time has used since it was started; the machine says nothing yet', () => {
  const usage = usageBetween(undefined, reading(3_000, 50, container('c', 1)))
  assert.deepEqual(usage.node, undefined)
  const [used] = usage.pods
  assert.deepEqual([used?.windowMs, used?.containers[0]?.cpuNanocores], [2_000, 500_000_000])
})

test('a pod has all its containers and the shortest of their windows', () => {
  const before = reading(10_000, 0, container('c', 1))
  const { pods } = usageBetween(
    before,
    reading(20_000, 0, container('c', 1), container('d', 2, 16_000)),
  )
  assert.deepEqual(
    pods.map(({ windowMs, containers }) => [windowMs, containers.length]),
    [[4_000, 2]],
  )
})

test('a clock that is set between two readings changes nothing', () => {
  const [before, now] = [
    reading(10_000, 50, container('c', 1)),
    reading(20_000, 70, container('c', 3)),
  ]
  const asItWas = usageBetween(before, now)
  assert.deepEqual(usageBetween(before, { ...now, readAtMs: 3_000 }), asItWas)
  assert.deepEqual(usageBetween(before, { ...now, readAtMs: 9e12 }), asItWas)
})

test('a window that is none, or too long to say anything of now, leaves out what it is of', () => {
  const now = reading(20_000, 70, container('c', 3))
  assert.deepEqual(usageBetween(now, now), { pods: [] })
  const fromAfar = ['later', 'long ago'].map((id, index) =>
    container(id, 1, index === 0 ? 30_000 : 20_000 - 2 * 86_400_000),
  )
  const { pods } = usageBetween(undefined, reading(20_000, 0, container('c', 1), ...fromAfar))
  assert.deepEqual(
    pods.flatMap(({ containers }) => containers.map(({ name }) => name)),
    ['c'],
  )
})

test('a counter that begins anew makes no nonsense', () => {
  const before = reading(10_000, 50, container('c', 9))
  const { node, pods } = usageBetween(before, reading(20_000, 2, container('c', 0.5)))
  assert.deepEqual(
    [node?.cpuNanocores, pods[0]?.containers[0]?.cpuNanocores],
    [200_000_000, 50_000_000],
  )
})
