import { setTimeout as after } from 'node:timers/promises'
import { openCluster, type TestCluster, until } from '../e2e/cluster.ts'
import { type Benchmark, type Row, type Size, shown } from './benchmark.ts'
import { cpuMicrosOf, memoryMiBOf } from './process-usage.ts'

const seconds: Record<Size, number> = { tiny: 10, usual: 60, full: 60 }

export const idle: Benchmark = {
  name: 'idle',
  about:
    'A cluster of one node that nobody touches: each process’ share of one core, its memory, and what was appended to the log meanwhile.',
  needsSandbox: true,
  async run(size) {
    const cluster = await openCluster('idle')
    await cluster.up()
    try {
      await settled(cluster)
      return await measure(cluster, seconds[size])
    } finally {
      await cluster.reset()
    }
  },
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

/** The last position of the log, as the api has it. */
async function headOf(cluster: TestCluster): Promise<string | undefined> {
  const { processes } = await cluster.status()
  return processes.find(({ name }) => name === 'api')?.head
}

/** A fresh cluster still records for a moment what it finds on its machine. */
async function settled(cluster: TestCluster): Promise<void> {
  let [head, since] = [await headOf(cluster), performance.now()]
  await until('the log rests', async () => {
    const now = await headOf(cluster)
    if (now !== head) [head, since] = [now, performance.now()]
    return performance.now() - since > 5000
  })
}
