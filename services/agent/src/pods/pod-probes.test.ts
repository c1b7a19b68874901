import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as pass } from 'node:timers/promises'
import { createTimerClock } from '@reckon/eventing/timers'
import { type Container, type Pod, type Probe, StatusError } from '@reckon/kubernetes'
import { systemIds } from '@reckon/process'
import type { SeenContainer } from '../runtime/runtime.ts'
import { createSimulatedRuntime } from '../simulated/simulated-runtime.ts'
import { PodProbes, type ProbeListener } from './pod-probes.ts'

const httpGet = { port: 80 }
const running = (container: string): SeenContainer =>
  ({ id: container, container, state: 'Running' }) as SeenContainer

const podOf = (containers: Container[]): Pod => ({
  ...{ apiVersion: 'v1', kind: 'Pod' },
  metadata: { name: 'p' },
  spec: { containers },
})

/** Probes on the machine's own time; every page but `/broken` is there, and which are asked for is counted. */
function probingOf(
  onUnhealthy: ProbeListener['onUnhealthy'],
  onFailure: ProbeListener['onFailure'] = () => {},
) {
  const clock = createTimerClock()
  const runtime = createSimulatedRuntime({ clock, ids: systemIds }, { cpus: 1, memoryBytes: 1 })
  const asked: string[] = []
  const dialer = {
    http: async ({ path }: { path: string }) => {
      asked.push(path.slice(1))
      return path === '/broken' ? 500 : 200
    },
    connect: async () => undefined,
    grpc: async () => 'SERVING',
    open: async () => assert.fail('nobody asks for a connection'),
  }
  const podProbes = new PodProbes(
    { runtime, dialer, clock },
    { onChange() {}, onFailure, onUnhealthy, onBroken: assert.ifError },
  )
  return { podProbes, asked, runtime }
}

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await pass(1)
}

/** Asks whether containers are ready. */
function probing(probes: Readonly<Record<string, Probe>>) {
  const { podProbes, asked } = probingOf(() => assert.fail('nobody asks whether they live'))
  const containers: Container[] = Object.entries(probes).map(([name, probe]) => ({
    name,
    readinessProbe: { ...probe, httpGet: { ...httpGet, path: `/${name}` } },
  }))
  podProbes.follow(podOf(containers), Object.keys(probes).map(running), '127.0.0.1')
  return { podProbes, asked }
}

test('delays and periods that no timer can hold are waited for all the same', async (context) => {
  const { podProbes, asked } = probing({
    delayed: { initialDelaySeconds: 2_147_484 },
    rare: { periodSeconds: 2_147_483_647 },
  })
  context.after(() => podProbes.stop())
  await until(() => podProbes.results.get('rare')?.ready === true)
  await pass(50)
  assert.deepEqual(asked, ['rare'])
  assert.deepEqual(podProbes.results.get('delayed'), { started: true, ready: undefined })
  assert.deepEqual(podProbes.results.get('rare'), { started: true, ready: true })
})

test('a container that a probe gives up ends within the grace of that probe, if it has one', async (context) => {
  const graces = new Map<string, number | undefined>()
  const all = Promise.withResolvers<void>()
  const { podProbes } = probingOf(({ container }, _why, graceSeconds) => {
    graces.set(container, graceSeconds)
    if (graces.size === 3) all.resolve()
  })
  context.after(() => podProbes.stop())
  const probe: Probe = { httpGet: { ...httpGet, path: '/broken' }, failureThreshold: 1 }
  const hasty: Probe = { ...probe, terminationGracePeriodSeconds: 3 }
  const pod = podOf([
    { name: 'started', startupProbe: hasty },
    { name: 'living', livenessProbe: hasty },
    { name: 'usual', livenessProbe: probe },
  ])
  podProbes.follow(pod, ['started', 'living', 'usual'].map(running), '127.0.0.1')
  await all.promise
  assert.deepEqual(Object.fromEntries(graces), { started: 3, living: 3, usual: undefined })
})

test('while the engine is away nobody can tell how a command would end, and nothing is held against its container', async (context) => {
  const { podProbes, runtime } = probingOf(() => assert.fail('it lives'))
  context.after(() => podProbes.stop())
  let asks = 0
  runtime.exec = async () => {
    asks++
    throw new StatusError('ServiceUnavailable', 'the engine is away')
  }
  const exec = { command: ['true'] }
  const often: Probe = { exec, periodSeconds: 0.001, failureThreshold: 1 }
  podProbes.follow(podOf([{ name: 'c', livenessProbe: often }]), [running('c')], '127.0.0.1')
  await until(() => asks > 2)
  assert.deepEqual(podProbes.results.get('c'), { started: true, ready: true })
})

test('a probe of a port that the container does not have is told of as such, and changes nothing', async (context) => {
  const said: string[] = []
  const { podProbes, asked } = probingOf(
    () => assert.fail('nobody knows whether it lives'),
    (why) => said.push(why),
  )
  context.after(() => podProbes.stop())
  const nowhere: Probe = { httpGet: { port: 'web' }, periodSeconds: 0.001, failureThreshold: 1 }
  const container = { name: 'c', livenessProbe: nowhere, ports: [{ containerPort: 80 }] }
  podProbes.follow(podOf([container]), [running('c')], '127.0.0.1')
  await until(() => said.length > 2)
  const words = 'Liveness probe errored and resulted in unknown state: port "web" not found'
  assert.deepEqual([...new Set(said)], [words])
  assert.deepEqual(asked, [])
  assert.deepEqual(podProbes.results.get('c'), { started: true, ready: true })
})
