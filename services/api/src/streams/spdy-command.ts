import type { Clock } from '@reckon/eventing'
import type { ProcessStreams } from '@reckon/node-plane'
import type { CommandClient, CommandStatus } from './command-client.ts'
import { PendingBytes } from './pending-bytes.ts'
import type { SpdyConnection, SpdyStream } from './spdy-connection.ts'

/** How long the client may take to open the streams that it asked for. */
const openMsMax = 30_000
/** How long the client may take to go once it has been told everything. */
const goMsMax = 10_000

/** The subprotocols of `exec` and `attach` over SPDY; versions before v4 report no exit code. */
export const spdyCommandProtocol = 'v4.channel.k8s.io'

/** Waits for the announced streams; undefined if the client opens others, or goes. */
export async function openSpdyCommand(
  connection: SpdyConnection,
  wanted: ProcessStreams,
  clock: Clock,
): Promise<CommandClient | undefined> {
  const { stdin, stdout, stderr, tty } = wanted
  const named = { error: true, stdin, stdout, stderr, resize: tty }
  const missing = new Set(Object.entries(named).flatMap(([name, is]) => (is ? [name] : [])))
  const streams = new Map<string, SpdyStream>()
  const opened = new Promise<'Opened'>((resolve) => {
    const onStream = (stream: SpdyStream) => {
      const type = stream.headers.get('streamtype') ?? ''
      if (missing.delete(type)) streams.set(type, stream)
      else void stream.reset()
      if (missing.size === 0) resolve('Opened')
    }
    void connection.run(onStream)
  })
  const { gone } = connection
  const late = clock.sleep(openMsMax, gone).then(() => 'Late' as const)
  if ((await Promise.race([opened, late])) === 'Opened') {
    return new SpdyCommand(connection, streams, clock)
  }
  await connection.close()
  return undefined
}

const nothing = new PendingBytes()
nothing.end()

class SpdyCommand implements CommandClient {
  readonly stdin: AsyncIterable<Uint8Array>
  readonly resizes: AsyncIterable<Uint8Array>
  readonly gone: AbortSignal
  readonly #connection: SpdyConnection
  readonly #streams: ReadonlyMap<string, SpdyStream>
  readonly #clock: Clock

  constructor(connection: SpdyConnection, streams: ReadonlyMap<string, SpdyStream>, clock: Clock) {
    this.#connection = connection
    this.#streams = streams
    this.#clock = clock
    this.gone = connection.gone
    this.stdin = streams.get('stdin')?.incoming ?? nothing
    this.resizes = streams.get('resize')?.incoming ?? nothing
  }

  async write(channel: 'stdout' | 'stderr', bytes: Uint8Array): Promise<boolean> {
    const stream = this.#streams.get(channel)
    return stream === undefined || stream.write(bytes)
  }

  async end(status: CommandStatus): Promise<void> {
    await this.#streams.get('error')?.write(Buffer.from(JSON.stringify(status)))
    for (const stream of this.#streams.values()) await stream.end()
    // A client in Go ends the connection itself. If it ends otherwise, what the client has received
    // but not passed on yet is lost.
    await this.#clock.sleep(goMsMax, this.gone)
    await this.#connection.close()
  }

  ping(): void {
    this.#connection.ping()
  }
}
