import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer, request, type Server } from 'node:http'
import { createServer as createTcpServer } from 'node:net'
import { setTimeout as after } from 'node:timers/promises'
import { edgeFiles } from '@reckon/routing'

/** A real Envoy on a folder, for end-to-end tests: RECKON_ENVOY, else the one on PATH. */
export async function startEnvoy(
  folder: string,
  file = edgeFiles(folder).bootstrap,
): Promise<ChildProcess> {
  const program = process.env.RECKON_ENVOY ?? 'envoy'
  const flags = '--disable-hot-restart --reject-unknown-dynamic-fields -l warning'.split(' ')
  const envoy = spawn(
    program,
    ['-c', file, ...flags, '--concurrency', '1', '--file-flush-interval-msec', '200'],
    { stdio: ['ignore', 'inherit', 'inherit'] },
  )
  await once(envoy, 'spawn')
  return envoy
}

export async function stopProcess(child: ChildProcess, signal: NodeJS.Signals = 'SIGTERM') {
  if (child.exitCode !== null || child.signalCode !== null) return
  child.kill(signal)
  await once(child, 'exit')
}

/** A backend that answers every request with its own name, the path and the headers it saw. */
export async function startBackend(name: string): Promise<{ server: Server; port: number }> {
  const server = createServer((incoming, response) => {
    response.end(JSON.stringify({ name, path: incoming.url, headers: incoming.headers }))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return { server, port: address.port }
}

export type Answer = { status: number; body: string }

/** One request through the edge on 127.0.0.1; status 0 where the connection failed. */
export function ask(port: number, host: string, path: string, method = 'GET'): Promise<Answer> {
  return new Promise((resolve) => {
    const outgoing = request(
      { host: '127.0.0.1', port, path, method, headers: { host } },
      (incoming) => {
        let body = ''
        incoming.on('data', (data) => {
          body += data
        })
        incoming.on('end', () => resolve({ status: incoming.statusCode ?? 0, body }))
      },
    )
    outgoing.on('error', (error) => resolve({ status: 0, body: String(error) }))
    outgoing.end()
  })
}

/** Waits until a condition holds; fails after half a minute: a busy machine takes its time. */
export async function eventually(what: string, condition: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 30_000
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`not within half a minute: ${what}`)
    await after(20)
  }
}

/** A port that nobody listens on just now. */
export async function freePort(): Promise<number> {
  const server = createTcpServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}
