import { type Refusal, refusalOf } from './read.ts'

/** So long after a reading ended, or the API was out of reach, it is read anew. */
const pauseMs = 2_000

/**
 * Reads, and after a pause anew, whenever that ends or is refused: until the signal aborts, or `goesOn` says of a
 * reading that there is no use in another. It is told why a reading was refused; nothing of one that came to its end.
 */
export async function readAnew(
  signal: AbortSignal,
  read: () => Promise<void>,
  goesOn: (refusal: Refusal | undefined) => boolean,
): Promise<void> {
  while (!signal.aborted) {
    const refusal = await read().then(() => undefined, refusalOf)
    if (signal.aborted || !goesOn(refusal)) return
    await pause(signal)
  }
}

function pause(signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  const timer = setTimeout(resolve, pauseMs)
  const end = () => {
    clearTimeout(timer)
    resolve()
  }
  signal.addEventListener('abort', end, { once: true })
  return promise.finally(() => signal.removeEventListener('abort', end))
}
