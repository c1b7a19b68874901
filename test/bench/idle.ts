import { setTimeout as after } from 'node:timers/promises'
import { openCluster, type TestCluster, until } from '../e2e/cluster.ts'
import { type Benchmark, type Row, type Size, shown } from './benchmark.ts'
import { sleepers } from './pods.ts'
import { cpuMicrosOf, memoryMiBOf } from './process-usage.ts'

const agentGoal = '< 1 % of a core, < 100 MB'
const seconds: Record<Size, number> = { tiny: 10, usual: 60, full: 60 }

const pods: Record<Size, number> = { tiny: 5, usual: 50, full: 50 }

export const idle: Benchmark = {
  name: 'idle',
  about:
    'A cluster of one node that nobody touches: each process’ share of one core, its memory, and what was appended to the log meanwhile.',
  needsSandbox: true,
  run: (size) => measureIdle('idle', size, async () => undefined),
}

export const idlePods: Benchmark = {
  name: 'idle-pods',
  about:
    'The same with 50 pods of one container each on the node; the goal is for its agent, which asks each pod’s containers nothing while nothing happens.',
  needsSandbox: true,
  run: (size) =>
    measureIdle('idle-pods', size, async (cluster) => {
      await cluster.apply(sleepers('many', pods[size]))
      await cluster.kubectl('rollout', 'status', 'deployment/many', '--timeout=300s')
    }),
}

async function measureIdle(
  name: string,
  size: Size,
  prepare: (cluster: TestCluster) => Promise<void>,
): Promise<Row[]> {
  const cluster = await openCluster(name)
  await cluster.up()
  try {
    await prepare(cluster)
    await settled(cluster)
    const rows = await measure(cluster, seconds[size])
    return rows.map((row) =>
      name === 'idle-pods' && row.process === 'agent-node-1' ? { ...row, goal: agentGoal } : row,
    )
  } finally {
    await cluster.reset()
  }
}

async function measure(cluster: TestCluster, forSeconds: number): Promise<Row[]> {
  const before = await running(cluster)
  const cpuBefore = new Map(before.map(({ pid }) => [pid, cpuMicrosOf(pid)]))
  const headBefore = await headOf(cluster)
  await after(forSeconds * 1000)
  const rows = (await running(cluster)).map(({ name, pid }) => {
    const usedMicros = cpuMicrosOf(pid) - (cpuBefore.get(pid) ?? Number.NaN)
    return {
      process: name,
      'CPU %': shown(usedMicros / forSeconds / 10_000),
      MiB: shown(memoryMiBOf(pid)),
    }
  })
  const isUntouched = (await headOf(cluster)) === headBefore
  const untouched = `the log in ${forSeconds} s: ${isUntouched ? 'nothing appended' : 'APPENDED TO'}`
  return [...rows, { process: untouched, goal: 'nothing in 60 s' }]
}

/** The supervised processes, and the supervisor. */
async function running(cluster: TestCluster): Promise<{ name: string; pid: number }[]> {
  const { supervisor, processes } = await cluster.status()
  const supervised = processes.flatMap(({ name, pid }) =>
    pid === undefined ? [] : [{ name, pid }],
  )
  return supervisor === undefined
    ? supervised
    : [...supervised, { name: 'supervisor', pid: supervisor }]
}

/** The last position of the log, according to the api. */
async function headOf(cluster: TestCluster): Promise<string | undefined> {
  const { processes } = await cluster.status()
  return processes.find(({ name }) => name === 'api')?.head
}

/** A new cluster still records for a moment what it finds on its machine. */
async function settled(cluster: TestCluster): Promise<void> {
  let [head, since] = [await headOf(cluster), performance.now()]
  await until('the log rests', async () => {
    const now = await headOf(cluster)
    if (now !== head) [head, since] = [now, performance.now()]
    return performance.now() - since > 5000
  })
}
