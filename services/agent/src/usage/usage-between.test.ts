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

test('a clock that is set back and a counter that begins anew make no nonsense', () => {
  const before = reading(10_000, 50, container('c', 9))
  const { node, pods } = usageBetween(before, reading(9_000, 2, container('c', 0.5)))
  assert.equal(node?.windowMs, 1)
  assert.ok((node?.cpuNanocores ?? -1) >= 0 && (pods[0]?.containers[0]?.cpuNanocores ?? -1) >= 0)
})
