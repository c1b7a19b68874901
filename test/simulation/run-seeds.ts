import { parentPort, Worker, workerData } from 'node:worker_threads'
import { type Outcome, simulate } from './simulate.ts'

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
    shares.map((share) => {
      const worker = new Worker(new URL(import.meta.url), { workerData: share })
      worker.on('message', onOutcome)
      return new Promise<void>((resolve, reject) => {
        worker.on('error', reject)
        worker.on('exit', () => resolve())
      })
    }),
  )
}

if (parentPort !== null) {
  for (const seed of workerData as number[]) parentPort.postMessage(await simulate(seed))
}
