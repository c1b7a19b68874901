import { unavailable } from './client-errors.ts'
import type { SilenceTimeouts } from './silence-timeouts.ts'

/** A streaming call of the client, with its way to end it: `cancel` for a read, `unsubscribe` for a subscription. */
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
  timeouts: SilenceTimeouts
  lost: AbortSignal
  done?: AbortSignal
  /** At most one page is expected. */
  isShort?: boolean
}

/** Marks the end of the log within a subscription's stream. */
export const reachedEnd = Symbol('reachedEnd')

/**
 * The items of a read or subscription. When the consumer stops early, the call is ended at the store too, which the
 * client would leave open: a short read is drained, because servers close the connection of a client that cancels too
 * many calls; others are cancelled. Fails when the store falls silent, since the client sets no deadline; after the end
 * of the log was reached, silence is normal. Fails when `lost` aborts, and ends when `done` does.
 */
export async function* readings<Item>(
  { stream, cancel }: Delivery,
  { timeouts, lost, done, isShort = false }: ReadingOptions,
): AsyncGenerator<Item | typeof reachedEnd> {
  const fail = (): void => {
    stream.destroy(unavailable('the event store does not answer'))
  }
  const finish = (): void => {
    stream.destroy()
  }
  // The client emits errors as events only, even while nobody iterates.
  stream.on('error', (error) => stream.destroy(error))
  const silence = timeouts.begin(fail)
  lost.addEventListener('abort', fail)
  done?.addEventListener('abort', finish)
  let live = false
  try {
    for await (const item of stream.iterator({ destroyOnReturn: false })) {
      timeouts.pause(silence)
      yield item as Item | typeof reachedEnd
      if (item === reachedEnd) live = true
      if (!live) timeouts.touch(silence)
    }
  } catch (error) {
    if (!done?.aborted) throw error
  } finally {
    timeouts.end(silence)
    lost.removeEventListener('abort', fail)
    done?.removeEventListener('abort', finish)
    if (isShort) stream.resume()
    else if (!stream.readableEnded) {
      stream.destroy()
      // Rejects only where the call was never established.
      await cancel().catch(() => undefined)
    }
  }
}
