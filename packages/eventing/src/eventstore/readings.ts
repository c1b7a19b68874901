import { unavailable } from './client-errors.ts'
import type { Patience } from './patience.ts'

/** A call of the client that delivers, with its way to end it: `cancel` of a read, `unsubscribe` of a subscription. */
export type Delivery = {
  stream: AsyncIterable<unknown> & {
    readonly readableEnded: boolean
    iterator(options: { destroyOnReturn: boolean }): AsyncIterator<unknown> & AsyncIterable<unknown>
    resume(): unknown
    destroy(error?: Error): unknown
    on(event: 'error', listener: (error: Error) => void): unknown
  }
  cancel: () => Promise<void>
}

export type ReadingOptions = {
  patience: Patience
  lost: AbortSignal
  done?: AbortSignal
  /** No more than a page is to come. */
  isShort?: boolean
}

/** Marks in a subscription's stream that it has reached the end of the log. */
export const reachedEnd = Symbol('reachedEnd')

/**
 * What a read or a subscription delivers. Ends the call at the store too when the consumer stops early (the client
 * would leave it open): a short one is left to run out, for servers close the connection of a client that cancels too
 * many calls, the others are cancelled. Fails when the store falls silent, for the client sets no deadline; once the
 * end of the log was reached, silence is as it should be. Fails as well when `lost` aborts, and just ends when `done`
 * does.
 */
export async function* readings<Item>(
  { stream, cancel }: Delivery,
  { patience, lost, done, isShort = false }: ReadingOptions,
): AsyncGenerator<Item | typeof reachedEnd> {
  const fail = (): void => {
    stream.destroy(unavailable('the event store does not answer'))
  }
  const finish = (): void => {
    stream.destroy()
  }
  // The client reports errors by an event only, also while nobody iterates.
  stream.on('error', (error) => stream.destroy(error))
  const silence = patience.begin(fail)
  lost.addEventListener('abort', fail)
  done?.addEventListener('abort', finish)
  let live = false
  try {
    for await (const item of stream.iterator({ destroyOnReturn: false })) {
      patience.pause(silence)
      yield item as Item | typeof reachedEnd
      if (item === reachedEnd) live = true
      if (!live) patience.touch(silence)
    }
  } catch (error) {
    if (!done?.aborted) throw error
  } finally {
    patience.end(silence)
    lost.removeEventListener('abort', fail)
    done?.removeEventListener('abort', finish)
    if (isShort) stream.resume()
    else if (!stream.readableEnded) {
      stream.destroy()
      // Rejects only where the call never came about.
      await cancel().catch(() => undefined)
    }
  }
}
