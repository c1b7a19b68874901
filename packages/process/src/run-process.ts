import { ConfigurationError } from './configuration.ts'
import { type Health, type HealthReport, serveHealth } from './health.ts'
import { createLogger, type Logger } from './logger.ts'
import { addProcessMetrics, createMetrics, type Metrics } from './metrics.ts'
import { outliveOutput } from './outlive-output.ts'

/** What every process' main receives. */
export type ProcessContext = { signal: AbortSignal; log: Logger; health: Health; metrics: Metrics }

/**
 * Runs a process until its main returns. SIGTERM and SIGINT abort the signal. An uncaught error is logged and ends the
 * process with 1, so that its supervisor restarts it and it replays. Health and metrics are served on the unix socket
 * in RECKON_HEALTH_SOCKET.
 */
export async function runProcess(
  name: string,
  main: (context: ProcessContext) => Promise<void>,
): Promise<void> {
  outliveOutput()
  const log = createLogger(name)
  const stop = new AbortController()
  const metrics = createMetrics()
  addProcessMetrics(metrics)
  let report: () => HealthReport = () => ({ ready: false })
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => stop.abort(new Error(signal)))
  }
  // Unhandled rejections arrive here, too, except those that an adapter recognizes as strays of its
  // client library and drops; so there must be no listener for them here.
  process.on('uncaughtException', (error) => exitWith(log, error))
  try {
    const socketPath = process.env.RECKON_HEALTH_SOCKET
    const about = { process: name, startedAt: new Date().toISOString() }
    if (socketPath) await serveHealth(socketPath, about, { health: () => report(), metrics })
    const health: Health = { report: (source) => (report = source) }
    await main({ signal: stop.signal, log, health, metrics })
    process.exit(0)
  } catch (error) {
    exitWith(log, error)
  }
}

function exitWith(log: Logger, error: unknown): never {
  if (error instanceof ConfigurationError) log.fatal(error.message)
  else log.fatal({ err: error }, 'ended by an error')
  log.flush()
  process.exit(1)
}
