import type { Clock, Logger } from '@reckon/eventing/bus'
import { type Edge, edgeFiles } from '@reckon/routing'
import type { HeldIngressesMemory, Refusals } from '../edge-gate.ts'
import { AdsServer } from './ads-server.ts'
import { ConfigServer } from './config-server.ts'
import { isEnvoyRunning, runningEnvoyVersion, writeEdgeFiles } from './edge-folder.ts'
import { heldIngressesIn } from './held-ingresses.ts'
import { ResourceTable } from './resource-table.ts'

export type EnvoyEdgeOptions = {
  folder: string
  node: string
  httpPort: number
  /** Where it takes TLS, as its clients know it. */
  tlsPort?: number
  clock: Clock
  log: Logger
  signal: AbortSignal
  onRejected(type: string, message: string): void
}

const reconnectMs = 500

/**
 * The edge of one machine, carried out by an Envoy that somebody else runs from the bootstrap file
 * written here. It is served from the first state on: an Envoy that outlived the last proxy never
 * sees an empty one.
 */
export class EnvoyEdge {
  /** By type of resource, why Envoy rejected what it was last told; it goes on with what it had. */
  readonly rejections = new Map<string, string>()
  readonly tlsPort?: number
  readonly held: HeldIngressesMemory
  readonly #options: EnvoyEdgeOptions
  readonly #table = new ResourceTable()
  readonly #server: AdsServer
  readonly #config: ConfigServer
  #serving = false
  #connected = () => {}
  /** Of the Envoy that was the only one last. */
  #version: string | undefined
  #onExchanged = () => {}

  constructor(options: EnvoyEdgeOptions) {
    this.#options = options
    this.held = heldIngressesIn(`${options.folder}/held-ingresses.json`, {
      log: options.log,
      envoyVersion: () => runningEnvoyVersion(edgeFiles(options.folder)),
    })
    if (options.tlsPort !== undefined) this.tlsPort = options.tlsPort
    this.#server = new AdsServer({
      socket: edgeFiles(options.folder).xdsSocket,
      table: this.#table,
      onConnected: () => {
        this.#connected()
        this.#noteVersion()
      },
      onDisconnected: () => this.#noteVersion(),
      onAnswered: (type, rejection) => this.#answered(type, rejection),
    })
    const { folder, node, httpPort, tlsPort } = options
    this.#config = new ConfigServer(`${folder}/config.sock`, {
      ...{ node, httpPort },
      ...(tlsPort === undefined ? {} : { tlsPort }),
    })
  }

  /**
   * Resolves once every Envoy that runs has taken the edge, or refused parts of it; at once where none
   * runs. Answers what was refused, and why.
   */
  async apply(edge: Edge): Promise<Refusals> {
    this.#table.replace(edge)
    this.#config.edge = edge
    if (!this.#serving) await this.#serve()
    for (const stream of this.#server.streams) {
      stream.retryRefused()
      stream.push()
    }
    await this.#envoyConnected()
    const streams = [...this.#server.streams]
    await Promise.all(streams.map((stream) => stream.settled()))
    return new Map(streams.flatMap((stream) => [...stream.refusals()]))
  }

  onExchanged(listener: () => void): void {
    this.#onExchanged = listener
  }

  close(): void {
    this.#server.close()
    this.#config.close()
  }

  /** As long as the one before is served, too, what that refuses is refused. */
  #noteVersion(): void {
    const [version, ...others] = new Set([...this.#server.streams].map((each) => each.version))
    if (version === undefined || others.length > 0 || version === this.#version) return
    const before = this.#version
    this.#version = version
    if (before !== undefined) this.#onExchanged()
  }

  #answered(type: string, rejection: string | undefined): void {
    if (rejection === undefined) this.rejections.delete(type)
    else {
      this.rejections.set(type, rejection)
      this.#options.onRejected(type, rejection)
    }
  }

  async #serve(): Promise<void> {
    const { folder, node, httpPort, tlsPort } = this.#options
    await writeEdgeFiles(edgeFiles(folder), { node, httpPort, tlsPort })
    await this.#config.listen()
    await this.#server.listen()
    this.#serving = true
  }

  /**
   * After a restart of the proxy a running Envoy comes back within half a second; until then it
   * holds what it held.
   */
  async #envoyConnected(): Promise<void> {
    const { clock, signal, folder } = this.#options
    while (this.#server.streams.size === 0 && !signal.aborted) {
      if (!(await isEnvoyRunning(edgeFiles(folder)))) return
      const connection = new AbortController()
      this.#connected = () => connection.abort()
      await clock.sleep(reconnectMs, AbortSignal.any([signal, connection.signal]))
    }
  }
}
