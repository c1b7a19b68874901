import { rm } from 'node:fs/promises'
import type { Server, ServerResponse } from 'node:http'
import type { Metrics } from './metrics.ts'
import { createServer } from './node-http.ts'

/** The health that a process reports. Positions are decimal strings. */
export type HealthReport = {
  ready: boolean
  position?: string
  head?: string
  detail?: string
}

export type ProcessHealth = HealthReport & { process: string; pid: number; startedAt: string }

/** Where a process' main records its health. */
export type Health = { report(source: () => HealthReport): void }

/** The process' name. */
export type About = { process: string; startedAt: string }

type Sources = { health: () => HealthReport; metrics: Metrics }

/**
 * Serves `GET /health` with a ProcessHealth and `GET /metrics` in Prometheus' format on a unix socket, which needs no
 * network and no port.
 */
export async function serveHealth(
  socketPath: string,
  about: About,
  { health, metrics }: Sources,
): Promise<Server> {
  await rm(socketPath, { force: true })
  const server = createServer((request, response) => {
    if (request.url === '/health') {
      answer(response, 200, { ...about, pid: process.pid, ...health() })
    } else if (request.url === '/metrics') {
      metrics.metrics().then(
        (text) => response.writeHead(200, { 'content-type': metrics.contentType }).end(text),
        (error: Error) => answer(response, 500, { message: error.message }),
      )
    } else answer(response, 404, { message: 'not found' })
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(socketPath, resolve)
  })
  server.unref()
  return server
}

const answer = (response: ServerResponse, code: number, body: object): void =>
  void response.writeHead(code, { 'content-type': 'application/json' }).end(JSON.stringify(body))
