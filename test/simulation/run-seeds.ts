import { parentPort, Worker, workerData } from 'node:worker_threads'
import { plant } from './planted/plant.ts'
import type { PlantedBug } from './planted/planted-bug.ts'
import type { Outcome } from './simulate.ts'

/** One thread's share of the seeds. */
type Share = { seeds: readonly number[]; bug?: PlantedBug }

/** What a simulated cluster leaves behind in memory goes with its worker. */
const seedsPerWorker = 50

/** Runs the seeds on several threads and tells each outcome as it comes, until the signal aborts. */
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

/** The first of the seeds that shows the bug; undefined where none does, or the signal aborts. */
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

/** A thread would go on, and keep its process, after a test that waited for it in vain. */
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
