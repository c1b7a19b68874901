import { rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import { type Edge, printEdge } from '@reckon/routing'

/**
 * Prints on `GET /config`, on a unix socket, all that Envoy is told, as YAML. Printed when asked:
 * it takes a while when long.
 */
export class ConfigServer {
  edge: Edge | undefined
  readonly #socket: string
  readonly #server = createServer((request, response) => {
    const found = request.method === 'GET' && request.url === '/config' && this.edge
    response.writeHead(found ? 200 : 404, { 'content-type': 'application/yaml' })
    response.end(found ? printEdge(found) : '')
  })

  constructor(socket: string) {
    this.#socket = socket
  }

  async listen(): Promise<void> {
    if (this.#server.listening) return
    await rm(this.#socket, { force: true })
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject)
      this.#server.listen(this.#socket, resolve)
    })
  }

  close(): void {
    this.#server.close()
  }
}
