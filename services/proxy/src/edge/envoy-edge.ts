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
  /** The port at which clients connect with TLS. */
  tlsPort?: number
  clock: Clock
  log: Logger
  signal: AbortSignal
  onRejected(type: string, message: string): void
}

const reconnectMs = 500

/**
 * The edge of one machine, for an Envoy that is run elsewhere with the bootstrap file written here. It is served from
 * the first state on, so an Envoy that outlived the previous proxy never sees an empty one.
 */
export class EnvoyEdge {
  /** By resource type, why Envoy rejected what it was last sent; it continues with what it had. */
  readonly rejections = new Map<string, string>()
  readonly tlsPort?: number
  readonly held: HeldIngressesMemory
  readonly #options: EnvoyEdgeOptions
  readonly #table = new ResourceTable()
  readonly #server: AdsServer
  readonly #config: ConfigServer
  #serving = false
  #connected = () => {}
  /** The version of the Envoy that was last the only one. */
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
   * Resolves once every running Envoy has accepted or rejected the edge; at once if none runs. Returns what was
   * rejected, and why.
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

  /** While the previous Envoy is served as well, its rejections count, too. */
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

  /** After a restart of the proxy a running Envoy reconnects within half a second; until then it keeps what it had. */
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
