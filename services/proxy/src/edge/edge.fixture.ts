import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { get, type Server } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { silent } from '@reckon/eventing/bus'
import type { EndpointSlice, Ingress, IngressClass, Service } from '@reckon/kubernetes'
import { systemClock } from '@reckon/process'
import {
  type Edge,
  type EdgeSettings,
  edge,
  type IngressHosts,
  ingressHosts,
  type KeyPair,
  type ServiceMap,
  serviceMap,
  tlsHosts,
} from '@reckon/routing'
import {
  ask,
  eventually,
  freePort,
  startBackend,
  startEnvoy,
  stopProcess,
} from './envoy.fixture.ts'
import { EnvoyEdge } from './envoy-edge.ts'
import { service, slice } from './objects.fixture.ts'

/** What a cluster has that the edge is made of. */
export type Wanted = {
  ingresses?: readonly Ingress[]
  classes?: readonly IngressClass[]
  services?: readonly Service[]
  slices?: readonly EndpointSlice[]
  /** By the names of their Secrets. */
  pairs?: Readonly<Record<string, KeyPair>>
}

/** An edge with a real Envoy, and backends that tell their names: each the only endpoint of a Service. */
export class RunningEdge {
  readonly port: number
  readonly rejected: string[] = []
  readonly folder: string
  readonly #settings: EdgeSettings
  #envoy: ChildProcess | undefined
  #edge: EnvoyEdge
  #given: { services: ServiceMap; settings: EdgeSettings } = { services: new Map(), settings: {} }
  readonly #stop = new AbortController()
  readonly #backends = new Map<string, { server: Server; port: number }>()

  private constructor(folder: string, port: number, settings: EdgeSettings) {
    this.folder = folder
    this.port = port
    this.#settings = settings
    this.#edge = new EnvoyEdge({
      folder,
      node: 'node-1',
      httpPort: port,
      ...(settings.tlsPort === undefined ? {} : { tlsPort: settings.tlsPort }),
      clock: systemClock,
      log: silent,
      signal: this.#stop.signal,
      onRejected: (type, message) => this.rejected.push(`${type}: ${message}`),
    })
  }

  static async start(backends: readonly string[], settings: EdgeSettings = {}) {
    const folder = await mkdtemp(join(tmpdir(), 'edge-'))
    const running = new RunningEdge(folder, await freePort(), settings)
    for (const name of backends) running.#backends.set(name, await startBackend(name))
    await running.apply({})
    running.#envoy = await startEnvoy(folder)
    await eventually('Envoy listens', async () => (await running.ask('x', '/')).status === 404)
    return running
  }

  /** Resolves once Envoy has it; the Services of the backends are there beside those that are given. */
  async apply({ ingresses = [], classes = [], pairs = {}, ...more }: Wanted): Promise<void> {
    const own = [...this.#backends.keys()].map((name) => service(name))
    const endpoints = [...this.#backends].flatMap(([name, { port }]) => slice(name, [port]))
    // Of two by one name the later holds.
    const services = serviceMap(
      [...own, ...(more.services ?? [])],
      [...endpoints, ...(more.slices ?? [])],
    )
    const tls = tlsHosts(ingresses, classes, (_namespace, name) => pairs[name])
    this.#given = { services, settings: { ...this.#settings, tls } }
    await this.offer(ingressHosts(ingresses, classes))
  }

  /** These hosts, with the Services that were given last. Answers what Envoy refused. */
  offer = (hosts: IngressHosts) => this.#edge.apply(this.edgeOf(hosts))

  edgeOf = (hosts: IngressHosts): Edge => edge(hosts, this.#given.services, this.#given.settings)

  /** The port of the backend by this name. */
  portOf = (name: string): number => this.#backends.get(name)?.port ?? 0

  ask = (host: string, path: string, method?: string) => ask(this.port, host, path, method)

  /** The name of the backend that answers, or the status where none does. */
  async reached(host: string, path: string): Promise<string> {
    const { status, body } = await this.ask(host, path)
    return status === 200 ? JSON.parse(body).name : String(status)
  }

  /** What `reckon envoy-config --with-keys` prints. */
  async printed(): Promise<string> {
    const socketPath = join(this.folder, 'config.sock')
    const [answer] = await once(get({ socketPath, path: '/config?tls' }), 'response')
    let text = ''
    for await (const part of answer) text += part
    return text
  }

  /** In place of the Envoy that is told what to do, on the same ports, one that goes by this file alone. */
  async runAlone(text: string): Promise<void> {
    if (this.#envoy) await stopProcess(this.#envoy)
    this.#edge.close()
    const file = join(this.folder, 'alone.yaml')
    await writeFile(file, text)
    this.#envoy = await startEnvoy(this.folder, file)
    await eventually('Envoy listens', async () => (await this.ask('x', '/')).status === 404)
  }

  async close(): Promise<void> {
    this.#stop.abort()
    this.#edge.close()
    if (this.#envoy) await stopProcess(this.#envoy)
    for (const { server } of this.#backends.values()) server.close()
    await rm(this.folder, { recursive: true })
  }
}
