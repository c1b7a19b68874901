import { randomUUID } from 'node:crypto'
import type { AddressInfo, Socket } from 'node:net'
import { ServerCredentials } from '@grpc/grpc-js'
import { createMetrics, type Metrics } from '@reckon/process/metrics'
import type { Write } from '../appending/apply-write.ts'
import { measuredWriter } from '../appending/measured-writer.ts'
import { GroupCommit, type Writer } from '../appending/writer.ts'
import { createCommitSignal } from '../reading/commit-signal.ts'
import { type Durability, openDatabase } from '../storage/database.ts'
import { Storage } from '../storage/storage.ts'
import { type Credentials, createAuthentication } from './credentials.ts'
import { createGrpcServer } from './grpc-server.ts'
import { createListener, type TlsKeyPair } from './listener.ts'
import { addServices } from './services.ts'

/** How a store is opened. */
export interface EventStoreServerOptions {
  /** Where the events are kept, or `:memory:`. */
  readonly dataDir: string
  readonly host: string
  /** 0 takes any free port. */
  readonly port: number
  /** `full` unless given: acknowledged means on the disk. */
  readonly durability?: Durability
  /** The largest append; 1 MiB unless given, as in EventStoreDB, and at most 16 MiB. */
  readonly maxAppendSizeBytes?: number
  readonly tls?: TlsKeyPair
  /** Required of every call that reads or writes; only with TLS, because clients send none without. */
  readonly credentials?: Credentials
  /** How long a peer may be silent: before its first admitted call, or when it is pinged. */
  readonly silenceMsMax?: number
  readonly clock?: { now(): number }
  readonly metrics?: Metrics
  readonly log?: (line: string) => void
}

/** An open store. */
export interface EventStoreServer {
  /** The connection string for a client; without credentials. */
  readonly url: string
  readonly port: number
  /** The position of the last event; 0 while there is none. */
  head(): number
  close(): Promise<void>
}

/** The client receives no larger message than 17 MiB. */
const appendSizeBytesLargest = 16 << 20

/** Opens the store in a data directory and serves it; throws, with the reason, if it cannot. */
export async function openEventStoreServer(
  options: EventStoreServerOptions,
): Promise<EventStoreServer> {
  const { dataDir, host, port, durability = 'full', tls, credentials } = options
  const { maxAppendSizeBytes = 1 << 20, silenceMsMax = 10_000, clock = Date } = options
  const { log = () => undefined, metrics = createMetrics() } = options
  if (credentials !== undefined && tls === undefined) {
    throw new Error('credentials need TLS: clients send none over an open connection')
  }
  if (!(maxAppendSizeBytes > 0 && maxAppendSizeBytes <= appendSizeBytesLargest)) {
    throw new Error(`the largest append must be between 1 and ${appendSizeBytesLargest} bytes`)
  }
  const storage = openDatabase(dataDir, durability, (database) => new Storage(database))
  const signal = createCommitSignal()
  const committing = new GroupCommit({ storage, clock, log, onCommit: signal.publish })
  const writer = measuredWriter(committing, { clock, metrics })
  const authentication = createAuthentication({
    credentials,
    admit: (peer) => listener.admit(peer),
  })
  const grpc = createGrpcServer(silenceMsMax, authentication)
  const injector = grpc.createConnectionInjector(ServerCredentials.createInsecure())
  const onHttp2 = (socket: Socket) => injector.injectConnection(socket)
  const listener = createListener({ tls, silenceMsMax, onHttp2 })
  const shutDown = async () => {
    grpc.forceShutdown()
    await listener.close()
    writer.close()
    storage.close()
  }
  let closed: Promise<void> | undefined
  const close = () => {
    closed ??= shutDown()
    return closed
  }
  try {
    await found(storage.head(), writer)
    const address = await listen(listener.server, host, port)
    const writing = { writer, clock, maxAppendSizeBytes, unfinished: { bytes: 0 } }
    const member = { id: randomUUID(), host: dialable(host, tls !== undefined), port: address.port }
    addServices(grpc, { storage, signal, writing, member })
    const url = `esdb://${member.host}:${address.port}?tls=${tls !== undefined}`
    log(`event store listening at ${url} (${describe(dataDir, durability)})`)
    return { url, port: address.port, head: () => storage.head(), close }
  } catch (error) {
    await close()
    throw error
  }
}

/** A new store begins with an event of its own, as every EventStoreDB does. */
async function found(head: number, writer: Writer): Promise<void> {
  if (head > 0) return
  const event = {
    id: Buffer.from(randomUUID().replaceAll('-', ''), 'hex'),
    type: '$StoreFounded',
    contentType: 'application/json',
    metadata: Buffer.alloc(0),
    data: Buffer.from('{}'),
  }
  const write: Write = { type: 'Append', stream: '$store', expected: 'NoStream', events: [event] }
  const outcome = await writer.submit(write, 0)
  if (outcome.type === 'Failed') throw new Error(`the event store cannot begin: ${outcome.reason}`)
}

function listen(
  server: ReturnType<typeof createListener>['server'],
  host: string,
  port: number,
): Promise<AddressInfo> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      server.off('error', reject)
      const address = server.address()
      if (address === null || typeof address === 'string') reject(new Error('not on a TCP port'))
      else resolve(address)
    })
  })
}

/**
 * An address that a client on this machine can dial. Over TLS it is a name where there is one: Node's TLS does not send
 * an IP address as the server's name.
 */
function dialable(host: string, isSecure: boolean): string {
  if (host === '::' || (isSecure && ['0.0.0.0', '127.0.0.1', '::1'].includes(host))) {
    return 'localhost'
  }
  if (host === '0.0.0.0') return '127.0.0.1'
  return host.includes(':') ? `[${host}]` : host
}

function describe(dataDir: string, durability: Durability): string {
  if (dataDir === ':memory:') return 'in memory: nothing survives this process'
  return durability === 'full'
    ? `data in ${dataDir}; acknowledged events are on the disk`
    : `data in ${dataDir}; durability normal: a power cut may lose acknowledged events`
}
