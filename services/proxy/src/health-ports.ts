import { once } from 'node:events'
import type { Server } from 'node:http'
import { createServer } from '@reckon/process/node-http'
import type { LocalHealth } from '@reckon/routing'

type Serving = { server: Server; health: LocalHealth }

/**
 * Answers load balancers, at the healthCheckNodePort of each Service that has one, whether this machine has ready pods
 * of it: 200 or 503, as kube-proxy does.
 */
export class HealthPorts {
  readonly #serving = new Map<number, Serving>()

  /** Throws, once all others are served, if a port belongs to another program. */
  async apply(ports: ReadonlyMap<number, LocalHealth>): Promise<void> {
    for (const [port, { server }] of this.#serving) {
      if (ports.has(port)) continue
      this.#serving.delete(port)
      await closed(server)
    }
    const failures: unknown[] = []
    for (const [port, health] of ports) {
      const known = this.#serving.get(port)
      if (known) known.health = health
      else await this.#serve(port, health).catch((error) => failures.push(error))
    }
    if (failures.length > 0) throw failures[0]
  }

  close(): Promise<unknown> {
    return this.apply(new Map())
  }

  async #serve(port: number, health: LocalHealth): Promise<void> {
    const server = createServer((_, response) => {
      const { namespace, name, localEndpoints } = this.#serving.get(port)?.health ?? health
      response.statusCode = localEndpoints > 0 ? 200 : 503
      response.setHeader('content-type', 'application/json')
      response.setHeader('x-content-type-options', 'nosniff')
      response.setHeader('x-load-balancing-endpoint-weight', localEndpoints)
      const service = { namespace, name }
      response.end(JSON.stringify({ service, localEndpoints, serviceProxyHealthy: true }))
    })
    server.listen(port)
    await once(server, 'listening')
    this.#serving.set(port, { server, health })
  }
}

async function closed(server: Server): Promise<void> {
  const gone = once(server, 'close')
  server.close()
  server.closeAllConnections()
  await gone
}
