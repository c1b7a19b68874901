import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as pass } from 'node:timers/promises'
import { createTimerClock } from '@reckon/eventing/timers'
import type { Container, Pod, Probe } from '@reckon/kubernetes'
import { systemIds } from '@reckon/process'
import type { SeenContainer } from '../runtime/runtime.ts'
import { createSimulatedRuntime } from '../simulated/simulated-runtime.ts'
import { PodProbes } from './pod-probes.ts'

const httpGet = { port: 80 }
const running = (container: string): SeenContainer =>
  ({ id: container, container, state: 'Running' }) as SeenContainer

/** Probes containers on the machine's own time; counts what is asked. */
function probing(probes: Readonly<Record<string, Probe>>) {
  const clock = createTimerClock()
  const runtime = createSimulatedRuntime({ clock, ids: systemIds }, { cpus: 1, memoryBytes: 1 })
  const asked: string[] = []
  const dialer = {
    http: async ({ path }: { path: string }) => {
      asked.push(path.slice(1))
      return 200
    },
    connect: async () => undefined,
    grpc: async () => 'SERVING',
    open: async () => assert.fail('nobody asks for a connection'),
  }
  const podProbes = new PodProbes(
    { runtime, dialer, clock },
    { onChange() {}, onFailure() {}, onUnhealthy() {}, onBroken: assert.ifError },
  )
  const containers: Container[] = Object.entries(probes).map(([name, probe]) => ({
    name,
    readinessProbe: { ...probe, httpGet: { ...httpGet, path: `/${name}` } },
  }))
  const pod: Pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p' }, spec: { containers } }
  podProbes.follow(pod, Object.keys(probes).map(running), '127.0.0.1')
  return { podProbes, asked }
}

test('delays and periods that no timer can hold are waited for all the same', async (context) => {
  const { podProbes, asked } = probing({
    delayed: { initialDelaySeconds: 2_147_484 },
    rare: { periodSeconds: 2_147_483_647 },
  })
  context.after(() => podProbes.stop())
  await pass(50)
  assert.deepEqual(asked, ['rare'])
  assert.deepEqual(podProbes.results.get('delayed'), { started: true, ready: undefined })
  assert.deepEqual(podProbes.results.get('rare'), { started: true, ready: true })
})
