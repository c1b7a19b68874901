import { namespaces } from '@reckon/kubernetes'
import { Recorder } from '../histories/recorder.ts'
import { createCheckers } from './checkers/checkers.ts'
import type { Heard } from './clients/simulated-client.ts'
import { Workload } from './clients/workload.ts'
import { unsettledObjects, unsettledProcesses } from './convergence.ts'
import { Machine } from './machine.ts'
import { Nemesis } from './nemesis.ts'
import { agentOn, apiOn, proxyOn, replicatorOn, schedulerOn } from './programs.ts'
import { Violation } from './violation.ts'
import { World } from './world.ts'

export type Outcome = {
  seed: number
  seconds: number
  events: number
  digest: string
  /** The violation; undefined where everything held. */
  failure?: Error
  /** The end of the trace. */
  lines: readonly string[]
}

export type Options = {
  print?: (line: string) => void
}

/** How long users work while faults occur; in some runs long enough for every timeout. */
const hostileMs = 20_000
const longHostileMs = 150_000
const longChance = 0.1
const foundingMsMax = 30_000
/** How long a healed cluster may take to converge. */
const healingMsMax = 400_000
/** An untouched cluster must append nothing for this long. */
const quietMs = 60_000
/** CronJobs continue for this long in a healed cluster: each is due at least once. */
const cronMs = 70_000
const lookEveryMs = 1_000

/** Runs one cluster from its founding through everything that the seed draws, until it is at rest. */
export async function simulate(seed: number, options: Options = {}): Promise<Outcome> {
  const { print } = options
  const world = new World(seed, print)
  world.underWay.begin()
  try {
    await live(world)
  } catch (error) {
    world.fail(error)
  } finally {
    world.underWay.end()
  }
  const { trace, history, failure } = world
  for (const slot of world.slots) world.kill(slot)
  return {
    seed,
    seconds: trace.seconds,
    events: history.events.length,
    digest: trace.digest(),
    lines: trace.lines,
    ...(failure !== undefined && { failure: failure as Error }),
  }
}

async function live(world: World): Promise<void> {
  const { random, timeline } = world
  const machines = Array.from(
    { length: 2 + random.below(3) },
    (_, index) => new Machine(world, { index: index + 1, cpus: 1 + random.below(4) }),
  )
  const recorder = new Recorder()
  let checkers = createCheckers(world, { machines, recorder })
  world.observe(checkers)
  const onHeard = (heard: Heard) => {
    for (const checker of checkers) checker.onHeard?.(heard)
  }
  const isLong = random.chance(longChance)
  const workload = new Workload({ world, recorder, onHeard }, isLong)
  populate(world, machines)
  const run = async (ms: number): Promise<void> => {
    const endMs = timeline.nowMs + ms
    while (timeline.nowMs < endMs && world.failure === undefined) {
      const nextMs = Math.min(endMs, timeline.nowMs + lookEveryMs)
      await timeline.runUntil(nextMs, () => world.failure !== undefined)
      for (const checker of checkers) {
        if (world.failure === undefined) await checker.onSecond?.()
      }
      if (world.toBeLost > 0 && world.failure === undefined) await restore()
    }
    if (world.failure !== undefined) throw world.failure
  }

  /** An older copy of the log is another log: after a last check of the past, all checkers begin anew. */
  const restore = async (): Promise<void> => {
    for (const checker of checkers) checker.onRestore?.()
    await world.restore(world.toBeLost)
    world.toBeLost = 0
    workload.forget()
    checkers = createCheckers(world, { machines, recorder })
    world.observe(checkers)
    await world.replay()
  }
  const isFounded = () => world.history.objects.get(namespaces, '', 'default') !== undefined
  for (let ms = 0; ms < foundingMsMax && !isFounded(); ms += lookEveryMs) await run(lookEveryMs)
  const nemesis = new Nemesis(world, machines, isLong)
  workload.start()
  nemesis.start()
  await run(isLong ? longHostileMs : hostileMs)
  workload.stop()
  nemesis.stop()
  await settle(world, { machines, workload, run })
  for (const checker of checkers) await checker.onEnd?.()
}

/** One or two of each service, and an agent and a proxy on each machine. */
function populate(world: World, machines: readonly Machine[]): void {
  const { random } = world
  for (const on of [apiOn, schedulerOn, replicatorOn]) {
    const count = 1 + random.below(2)
    for (let machine = 1; machine <= count; machine++) world.add(on(machine, world.nodeTimeouts))
  }
  const stopPodsOnExit = random.chance(0.3)
  for (const machine of machines) {
    world.add(agentOn(machine, stopPodsOnExit))
    world.add(proxyOn(machine))
  }
}

/** Waits until everything has converged and nothing more is written. */
async function settle(
  world: World,
  {
    machines,
    workload,
    run,
  }: { machines: readonly Machine[]; workload: Workload; run(ms: number): Promise<void> },
): Promise<void> {
  const { timeline } = world
  const healedMs = timeline.nowMs
  const endMs = healedMs + healingMsMax
  const left = machines.filter(({ node }) => node !== world.lost)
  const nodeNames = left.map(({ node }) => node)
  let { position } = world.history
  let unsettled = unsettledObjects(world.history.objects, nodeNames)
  let quietSinceMs = timeline.nowMs
  let open: readonly string[] = []
  while (timeline.nowMs < endMs) {
    workload.makeMissing()
    workload.endBereft()
    if (timeline.nowMs - healedMs > cronMs) workload.suspendCronJobs()
    if (world.hostile !== undefined) workload.evacuate(world.hostile)
    if (world.lost !== undefined) workload.forsake(world.lost)
    await run(lookEveryMs)
    const isQuiet = world.history.position === position
    if (!isQuiet) unsettled = unsettledObjects(world.history.objects, nodeNames)
    position = world.history.position
    open = [...unsettled, ...(await unsettledProcesses(world, left))]
    if (!isQuiet || open.length > 0) quietSinceMs = timeline.nowMs
    if (timeline.nowMs - quietSinceMs >= quietMs) return
  }
  const still = open.length > 0 ? open.join('; ') : 'events go on without a reason'
  throw new Violation('a healed cluster comes to rest', still)
}
