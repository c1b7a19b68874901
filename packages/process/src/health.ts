import { rm } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'

/** What a process says of itself. Positions are decimal strings; `lag` is how many milliseconds the view is behind. */
export type HealthReport = {
  ready: boolean
  position?: string
  head?: string
  detail?: string
}

export type ProcessHealth = HealthReport & { process: string; pid: number; startedAt: string }

/** Where a process' main puts what it knows of its health. */
export type Health = { report(source: () => HealthReport): void }

/** Answers `GET /health` on a unix socket with a ProcessHealth: it needs no network and no port. */
export async function serveHealth(
  socketPath: string,
  about: { process: string; startedAt: string },
  source: () => HealthReport,
): Promise<Server> {
  await rm(socketPath, { force: true })
  const server = createServer((request, response) => {
    const found = request.url === '/health'
    const body = found ? { ...about, pid: process.pid, ...source() } : { message: 'not found' }
    response.writeHead(found ? 200 : 404, { 'content-type': 'application/json' })
    response.end(JSON.stringify(body))
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(socketPath, resolve)
  })
  server.unref()
  return server
}
