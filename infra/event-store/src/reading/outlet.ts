import type { ServerWritableStream } from '@grpc/grpc-js'
import { sendTogether } from '../serving/send-together.ts'

/** A larger message is sent alone, so that a slow reader holds at most one of them in memory. */
const messageBytesLarge = 64 << 10

/** Sends a reader's messages, no faster than the reader takes them. */
export interface Outlet {
  /** The call was cancelled or its connection lost. */
  readonly closed: boolean
  /** Sends one encoded message; a promise only where the caller has to wait for the reader. */
  send(message: Buffer): Promise<void> | undefined
  onClose(close: () => void): void
}

/** The outlet of a server-streaming call. */
export function createOutlet<Request>(call: ServerWritableStream<Request, Buffer>): Outlet {
  sendTogether(call)
  const drained = () =>
    new Promise<void>((resolve) => {
      const done = () => {
        call.off('drain', done)
        call.off('cancelled', done)
        resolve()
      }
      call.on('drain', done)
      call.on('cancelled', done)
    })
  const flushed = (message: Buffer) =>
    new Promise<void>((resolve) => {
      const done = () => {
        call.off('cancelled', done)
        resolve()
      }
      call.on('cancelled', done)
      call.write(message, done)
    })
  return {
    get closed() {
      return call.cancelled
    },
    send(message) {
      if (call.cancelled) return undefined
      if (message.length > messageBytesLarge) return flushed(message)
      return call.write(message) ? undefined : drained()
    },
    onClose: (close) => call.on('cancelled', close),
  }
}
