import type { Writable } from 'node:stream'

/**
 * Lets the messages of a call that wait for the one before leave together, in one write to the connection: gRPC's
 * server would wait for each by itself. Their order stays, and so does the bound of what waits.
 */
export function sendTogether(call: Writable): void {
  call._writev = (waiting, sent) => {
    const last = waiting.length - 1
    for (const [index, { chunk, encoding }] of waiting.entries()) {
      call._write(chunk, encoding, index === last ? sent : ignored)
    }
  }
}

/** What fails fails the whole call. */
const ignored = (): void => {}
