import { setTimeout as after } from 'node:timers/promises'
import { findProcess, findSupervisor, type ProcessSpec } from '@reckon/supervisor'
import type { Random } from '../simulation/random.ts'
import type { LiveCluster } from './live-cluster.ts'

const calmMsMax = 1_000
const pausedMsMax = 4_000
const unsupervisedMsMax = 2_000

type Act = { what: string; act(): Promise<void> }

/**
 * Kills every process in turn, then pauses some and kills some in pairs, and so on, until the signal aborts and each
 * was killed at least once. Returns what it did.
 */
export async function harass(
  cluster: LiveCluster,
  random: Random,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const done: string[] = []
  const kills = [
    ...cluster.specs.map((spec) => ({ what: `kill ${spec.name}`, act: () => kill(cluster, spec) })),
    { what: 'kill supervisor', act: () => killSupervisor(cluster, random) },
  ]
  const others = [
    ...cluster.specs.map((spec) => ({
      what: `pause ${spec.name}`,
      act: () => pause(cluster, spec, random.below(pausedMsMax)),
    })),
    ...shuffled(random, cluster.specs).map((spec, nth, specs) => {
      const other = specs.at(nth - 1) as ProcessSpec
      const act = async () => {
        await Promise.all([kill(cluster, spec), kill(cluster, other)])
      }
      return { what: `kill ${spec.name} and ${other.name}`, act }
    }),
  ]
  const doAll = async (acts: readonly Act[], end?: AbortSignal) => {
    for (const { what, act } of shuffled(random, acts)) {
      if (end?.aborted) return
      await act()
      done.push(what)
      await after(random.below(calmMsMax))
    }
  }
  await doAll(kills)
  while (!signal.aborted) {
    await doAll(others, signal)
    await doAll(kills, signal)
  }
  return done
}

/** kill -9, and again as soon as it is back. */
async function kill(cluster: LiveCluster, spec: ProcessSpec): Promise<void> {
  const pid = await signalled(cluster, spec, 'SIGKILL')
  await cluster.untilReady(spec, pid)
}

async function pause(cluster: LiveCluster, spec: ProcessSpec, ms: number): Promise<void> {
  const pid = await signalled(cluster, spec, 'SIGSTOP')
  await after(ms)
  if (pid !== undefined) send(pid, 'SIGCONT')
}

/** Without the supervisor, another process that dies stays dead until the next supervisor comes. */
async function killSupervisor(cluster: LiveCluster, random: Random): Promise<void> {
  const pid = await findSupervisor(cluster.layout)
  if (pid !== undefined) send(pid, 'SIGKILL')
  const other = random.pick(cluster.specs)
  if (other !== undefined) await signalled(cluster, other, 'SIGKILL')
  await after(random.below(unsupervisedMsMax))
  await cluster.up()
}

async function signalled(
  cluster: LiveCluster,
  { name }: ProcessSpec,
  signal: NodeJS.Signals,
): Promise<number | undefined> {
  const running = await findProcess(cluster.layout, name)
  if (running !== undefined) send(running.pid, signal)
  return running?.pid
}

/** A process that has just ended by itself is found by its last lines. */
function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

function shuffled<T>(random: Random, items: readonly T[]): T[] {
  const left = [...items]
  return items.map(() => left.splice(random.below(left.length), 1)[0] as T)
}
