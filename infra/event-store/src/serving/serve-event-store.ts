import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { serveHealth } from '@reckon/process/health'
import { addProcessMetrics, createMetrics, type Metrics } from '@reckon/process/metrics'
import { type EventStoreServer, openEventStoreServer } from './server.ts'

/** What `--help` prints. */
const eventStoreUsage = `Usage: reckon event-store --data-dir DIR [options]

The embedded event store: EventStoreDB's gRPC protocol over SQLite.

  --data-dir DIR            where the events are kept (made if absent), or :memory:
  --host ADDRESS            address to listen on (127.0.0.1)
  --port PORT               port to listen on (2113); 0 takes any free one
  --insecure                no TLS and no authentication
  --tls-cert FILE           certificate chain in PEM
  --tls-key FILE            its private key in PEM
  --durability full|normal  normal is faster, but a power cut may lose acknowledged events (full)
  --max-append-size BYTES   largest append (1048576)
  --help                    this text

With TLS, RECKON_EVENT_STORE_USERNAME and RECKON_EVENT_STORE_PASSWORD in the environment are
asked of every client. On the unix socket RECKON_HEALTH_SOCKET, if given, it answers
GET /health and GET /metrics.

Examples:
  reckon event-store --data-dir ./data --insecure
  reckon event-store --data-dir ./data --host 0.0.0.0 --tls-cert node.crt --tls-key node.key
`

/** The login, which flags would show to everybody who lists processes; and the address for health checks. */
interface EventStoreEnvironment {
  readonly RECKON_HEALTH_SOCKET?: string | undefined
  readonly RECKON_EVENT_STORE_USERNAME?: string | undefined
  readonly RECKON_EVENT_STORE_PASSWORD?: string | undefined
}

/** The surroundings of a run: its flags, its environment, where it prints, when it ends. */
export interface EventStoreRun {
  readonly argv: readonly string[]
  readonly environment: EventStoreEnvironment
  readonly print: (line: string) => void
  readonly stop: AbortSignal
}

/** The command `event-store`: serves until stopped. Throws, saying what to do, if it cannot start. */
export async function serveEventStore({ argv, environment, print, stop }: EventStoreRun) {
  const flags = parseFlags(argv)
  if (flags.help) return print(eventStoreUsage)
  const metrics = createMetrics()
  const server = await open(flags, environment, { log: print, metrics })
  await answerForHealth(server, environment, metrics)
  print(server.url)
  await new Promise<void>((resolve) => {
    if (stop.aborted) resolve()
    stop.addEventListener('abort', () => resolve(), { once: true })
  })
  await server.close()
  print('event store stopped')
}

async function answerForHealth(
  server: EventStoreServer,
  { RECKON_HEALTH_SOCKET: socketPath }: EventStoreEnvironment,
  metrics: Metrics,
): Promise<void> {
  if (!socketPath) return
  addProcessMetrics(metrics)
  const about = { process: 'event-store', startedAt: new Date().toISOString() }
  const health = () => {
    const head = String(server.head())
    return { ready: true, position: head, head }
  }
  await serveHealth(socketPath, about, { health, metrics })
}

function parseFlags(argv: readonly string[]) {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      'data-dir': { type: 'string' },
      host: { type: 'string', default: '127.0.0.1' },
      port: { type: 'string', default: '2113' },
      insecure: { type: 'boolean', default: false },
      'tls-cert': { type: 'string' },
      'tls-key': { type: 'string' },
      durability: { type: 'string', default: 'full' },
      'max-append-size': { type: 'string', default: `${1 << 20}` },
      help: { type: 'boolean', default: false },
    },
  })
  return values
}

function open(
  flags: ReturnType<typeof parseFlags>,
  environment: EventStoreEnvironment,
  reporting: { log: (line: string) => void; metrics: Metrics },
): Promise<EventStoreServer> {
  const { 'data-dir': dataDir, durability, insecure, host } = flags
  if (dataDir === undefined)
    throw new Error('--data-dir is missing: where shall the events be kept?')
  if (durability !== 'full' && durability !== 'normal') {
    throw new Error(`--durability is full or normal, not "${durability}"`)
  }
  const tls = insecure ? undefined : readKeyPair(flags['tls-cert'], flags['tls-key'])
  const credentials = insecure ? undefined : readCredentials(environment)
  return openEventStoreServer({
    dataDir,
    host,
    port: parseNumber('--port', flags.port, 65_535),
    durability,
    maxAppendSizeBytes: parseNumber('--max-append-size', flags['max-append-size'], 16 << 20),
    ...reporting,
    ...(tls === undefined ? {} : { tls }),
    ...(credentials === undefined ? {} : { credentials }),
  })
}

function readKeyPair(certFile: string | undefined, keyFile: string | undefined) {
  if (certFile === undefined || keyFile === undefined) {
    throw new Error(
      'there is no certificate: give --tls-cert and --tls-key, or --insecure for an open connection on a network that you trust',
    )
  }
  return { certPem: readFileSync(certFile, 'utf8'), keyPem: readFileSync(keyFile, 'utf8') }
}

function readCredentials(environment: EventStoreEnvironment) {
  const { RECKON_EVENT_STORE_USERNAME: username, RECKON_EVENT_STORE_PASSWORD: password } =
    environment
  if (username === undefined && password === undefined) return undefined
  if (!username || !password) {
    throw new Error(
      'RECKON_EVENT_STORE_USERNAME and RECKON_EVENT_STORE_PASSWORD must be set together',
    )
  }
  return { username, password }
}

function parseNumber(flag: string, text: string, max: number): number {
  const value = Number(text)
  if (text.trim() !== '' && Number.isInteger(value) && value >= 0 && value <= max) return value
  throw new Error(`${flag} is a number from 0 to ${max}, not "${text}"`)
}
