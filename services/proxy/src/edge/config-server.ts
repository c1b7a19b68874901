import { chmod, rm } from 'node:fs/promises'
import { createServer } from '@reckon/process/node-http'
import { type Edge, type FixedConfigOptions, fixedConfig, printYaml } from '@reckon/routing'

/**
 * Prints on `GET /config`, on a unix socket, everything that Envoy is configured with, as one YAML with which an Envoy
 * runs by itself. `GET /config?tls` includes TLS, and so private keys. It is computed on request, since it may be long.
 */
export class ConfigServer {
  edge: Edge | undefined
  readonly #socket: string
  readonly #server = createServer((request, response) => {
    const text = request.method === 'GET' ? this.#print(request.url ?? '') : undefined
    response.writeHead(text === undefined ? 404 : 200, { 'content-type': 'application/yaml' })
    response.end(text)
  })
  readonly #options: FixedConfigOptions

  constructor(socket: string, options: FixedConfigOptions) {
    this.#socket = socket
    this.#options = options
  }

  async listen(): Promise<void> {
    if (this.#server.listening) return
    await rm(this.#socket, { force: true })
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject)
      this.#server.listen(this.#socket, resolve)
    })
    await chmod(this.#socket, 0o600)
  }

  close(): void {
    this.#server.close()
  }

  #print(url: string): string | undefined {
    const { tlsPort: _, ...withoutTls } = this.#options
    const options = url === '/config?tls' ? this.#options : withoutTls
    const isAsked = url === '/config' || url === '/config?tls'
    return isAsked && this.edge ? printYaml(fixedConfig(this.edge, options)) : undefined
  }
}
