import type { FastifyInstance } from 'fastify'
import type { Random } from '../random.ts'
import type { SimulatedProcess } from '../simulated-process.ts'
import type { Timeline } from '../timeline.ts'

export type HttpRequest = {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  path: string
  userAgent: string
  body?: string
  type?: string
}

export type HttpHead = { code: number; auditId: string }
export type HttpAnswer = HttpHead & { body: string }

/** The fate of a request at its client. Exactly one of `ended` and `cut` is called, last. */
export type Heard = {
  head(head: HttpHead): void
  chunk(text: string): void
  ended(): void
  /** The connection is lost, whatever the request has done. */
  cut(): void
}

/** An api as clients reach it. */
export type Server = { process: SimulatedProcess; app: FastifyInstance }

type Arriving = Awaited<ReturnType<typeof inject>>

type ConnectionWorld = { timeline: Timeline; random: Random; store: { copy: number } }

const latencyMsMax = 5

const inject = (app: FastifyInstance, { method, path, userAgent, body, type }: HttpRequest) =>
  app.inject({
    method,
    url: path,
    headers: { 'user-agent': userAgent, ...(type && { 'content-type': type }) },
    ...(body !== undefined && { payload: body }),
    payloadAsStream: true,
  })

/** A request through an api's real routes, without a socket; this simulates what a socket would do. */
export class HttpConnection {
  readonly #world: ConnectionWorld
  readonly #copy: number
  readonly #server: Server
  readonly #heard: Heard
  #arriving: Arriving | undefined
  #lastAtMs = 0
  #isOver = false
  #isReading = true
  #readOn = () => {}

  constructor(world: ConnectionWorld, server: Server, request: HttpRequest, heard: Heard) {
    this.#world = world
    this.#copy = world.store.copy
    this.#server = server
    this.#heard = heard
    server.process.atEnd(() => this.#cut())
    world.timeline.after(this.#latencyMs(), () =>
      server.process.enter(() => void this.#serve(request)),
    )
  }

  /** The client disconnects. */
  close(): void {
    this.#over(() => this.#heard.cut())
    this.#world.timeline.after(this.#latencyMs(), () =>
      this.#server.process.enter(() => this.#arriving?.raw.res.destroy()),
    )
  }

  /** Reads nothing more from the server until told to continue: a slow consumer. */
  setReading(isReading: boolean): void {
    this.#isReading = isReading
    if (isReading) this.#readOn()
  }

  async #serve(request: HttpRequest): Promise<void> {
    const { process, app } = this.#server
    try {
      const arriving = await inject(app, request)
      this.#arriving = arriving
      const head = { code: arriving.statusCode, auditId: String(arriving.headers['audit-id']) }
      this.#deliver(() => this.#heard.head(head))
      for await (const chunk of arriving.stream()) {
        this.#deliver(() => this.#heard.chunk(String(chunk)))
        if (!this.#isReading) await this.#untilReading()
        if (this.#isOver) return
        await process.promise<void>((resolve) => resolve())
      }
      this.#deliver(() => this.#over(() => this.#heard.ended()))
    } catch {
      // The server stopped, or aborted the answer.
      this.#cut()
    }
  }

  #untilReading(): Promise<void> {
    return new Promise((resolve) => {
      this.#readOn = resolve
    })
  }

  #cut(): void {
    this.#deliver(() => this.#over(() => this.#heard.cut()), true)
  }

  /** A server's data arrives in order; of a killed server, only what was in flight. */
  #deliver(act: () => void, isAlways = false): void {
    if (this.#server.process.state === 'Killed' && !isAlways) return
    const { timeline } = this.#world
    this.#lastAtMs = Math.max(timeline.nowMs + this.#latencyMs(), this.#lastAtMs + 0.001)
    timeline.at(this.#lastAtMs, () => {
      if (this.#isOver) return
      // No client outlives the log that it has read.
      if (this.#world.store.copy !== this.#copy) this.#over(() => this.#heard.cut())
      else act()
    })
  }

  #over(deliver: () => void): void {
    if (this.#isOver) return
    this.#isOver = true
    this.#readOn()
    deliver()
  }

  #latencyMs(): number {
    return this.#world.random.between(0.1, latencyMsMax)
  }
}
