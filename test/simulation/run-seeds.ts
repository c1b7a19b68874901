import { parentPort, Worker, workerData } from 'node:worker_threads'
import { plant } from './planted/plant.ts'
import type { PlantedBug } from './planted/planted-bug.ts'
import type { Outcome } from './simulate.ts'

/** One thread's share of the seeds. */
type Share = { seeds: readonly number[]; bug?: PlantedBug }

/** What a simulated cluster leaves behind in memory goes with its worker. */
const seedsPerWorker = 50

/** Runs the seeds on several threads and tells each outcome as it comes. */
export async function runSeeds(
  seeds: readonly number[],
  threads: number,
  onOutcome: (outcome: Outcome) => void,
): Promise<void> {
  const shares = Array.from({ length: Math.min(threads, seeds.length) }, (_, thread) =>
    seeds.filter((_seed, index) => index % threads === thread),
  )
  await Promise.all(
    shares.map(async (share) => {
      for (let at = 0; at < share.length; at += seedsPerWorker) {
        await run({ seeds: share.slice(at, at + seedsPerWorker) }, onOutcome)
      }
    }),
  )
}

/** The first of the seeds that shows the bug; undefined where none does. */
export async function firstToShow(
  bug: PlantedBug,
  seeds: readonly number[],
): Promise<Outcome | undefined> {
  let found: Outcome | undefined
  await run({ seeds, bug }, (outcome) => {
    if (outcome.failure !== undefined) found = outcome
  })
  return found
}

function run(share: Share, onOutcome: (outcome: Outcome) => void): Promise<void> {
  const worker = new Worker(new URL(import.meta.url), { workerData: share })
  worker.on('message', onOutcome)
  return new Promise<void>((resolve, reject) => {
    worker.on('error', reject)
    worker.on('exit', () => resolve())
  })
}

if (parentPort !== null) {
  const { seeds, bug } = workerData as Share
  const assertPlanted = bug && plant(bug)
  const { simulate } = await import('./simulate.ts')
  assertPlanted?.()
  for (const seed of seeds) {
    const outcome = await simulate(seed)
    parentPort.postMessage(outcome)
    if (bug !== undefined && outcome.failure !== undefined) break
  }
}
