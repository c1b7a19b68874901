import { parentPort, Worker, workerData } from 'node:worker_threads'
import { plant } from './planted/plant.ts'
import type { PlantedBug } from './planted/planted-bug.ts'
import type { Outcome } from './simulate.ts'

/** One thread's share of the seeds. */
type Share = { seeds: readonly number[]; bug?: PlantedBug }

/** A worker's end frees what a simulated cluster leaves in memory. */
const seedsPerWorker = 50

/** Runs the seeds on several threads and reports each result as it arrives, until the signal aborts. */
export async function runSeeds(
  seeds: readonly number[],
  threads: number,
  running: Running,
): Promise<void> {
  const shares = Array.from({ length: Math.min(threads, seeds.length) }, (_, thread) =>
    seeds.filter((_seed, index) => index % threads === thread),
  )
  await Promise.all(
    shares.map(async (share) => {
      for (let at = 0; at < share.length; at += seedsPerWorker) {
        await run({ seeds: share.slice(at, at + seedsPerWorker) }, running)
      }
    }),
  )
}

/** The first seed that shows the bug; undefined where none does, or the signal aborts. */
export async function firstToShow(
  bug: PlantedBug,
  seeds: readonly number[],
  signal?: AbortSignal,
): Promise<Outcome | undefined> {
  let found: Outcome | undefined
  const onOutcome = (outcome: Outcome) => {
    if (outcome.failure !== undefined) found = outcome
  }
  await run({ seeds, bug }, { onOutcome, ...(signal && { signal }) })
  return found
}

type Running = { onOutcome(outcome: Outcome): void; signal?: AbortSignal }

/** A thread would otherwise keep running, and keep its process, after its test has timed out. */
async function run(share: Share, { onOutcome, signal }: Running): Promise<void> {
  if (signal?.aborted) return
  const worker = new Worker(new URL(import.meta.url), { workerData: share })
  const end = () => void worker.terminate()
  signal?.addEventListener('abort', end)
  worker.on('message', onOutcome)
  const ended = new Promise<void>((resolve, reject) => {
    worker.on('error', reject)
    worker.on('exit', () => resolve())
  })
  await ended.finally(() => signal?.removeEventListener('abort', end))
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
