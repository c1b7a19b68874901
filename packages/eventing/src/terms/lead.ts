import { readFolded } from '../log/fold.ts'
import { isOutage } from '../outage.ts'
import { termOf } from '../wire/wire.ts'
import type { CandidatePorts } from './candidate-ports.ts'
import { type TermBegan, termBeganIn, termFold, termStream } from './term-began.ts'

/** How often the holder checks the log for a newer term that its reader has not reported. */
const lookEveryMs = 5000

/**
 * Runs as the holder of a term, and answers candidates, until the signal aborts or a newer term has begun. An error of
 * `run` ends it too.
 */
export async function lead(
  { log, bus, clock, reader }: CandidatePorts,
  { service, holder, term, signal }: TermBegan & { service: string; signal: AbortSignal },
  run: (term: number, signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const stream = termStream(service)
  const over = new AbortController()
  const end = AbortSignal.any([signal, over.signal])
  const answer = new TextEncoder().encode(JSON.stringify({ term, holder } satisfies TermBegan))

  const heed = (began: TermBegan): void => {
    if (began.term > term) over.abort()
  }
  const look = async (): Promise<void> => {
    while (!end.aborted) {
      await clock.sleep(lookEveryMs, end)
      if (end.aborted) return
      try {
        const last = await readFolded(log, stream, termFold)
        if (last !== undefined) heed(last.state)
      } catch (error) {
        // Without the log nobody else can begin a term either.
        if (!isOutage(error)) throw error
      }
    }
  }

  const unsubscribe = [
    bus.subscribe(termOf(service), (message) => message.respond(answer)),
    reader.subscribe((event) => {
      if (event.stream === stream && event.type === 'TermBegan') heed(termBeganIn(event.data))
    }),
  ]
  const looking = look()
  try {
    await run(term, end)
  } finally {
    over.abort()
    await looking
    // Last, so that nobody begins a term while this one's work is still running.
    for (const stop of unsubscribe) stop()
  }
}
