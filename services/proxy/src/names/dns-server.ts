import { createSocket, type Socket as DatagramSocket } from 'node:dgram'
import { once } from 'node:events'
import { createServer, type Server, type Socket } from 'node:net'
import type { DnsZone } from '@reckon/routing'
import { answerQuery } from './answer-query.ts'
import { fittingAnswer } from './dns-message.ts'
import type { AnsweredQuery } from './dns-metrics.ts'
import type { Transport } from './forward-query.ts'
import { Forwarder } from './forwarder.ts'
import { readFrame, writeFrame } from './frame.ts'

export type DnsServerOptions = {
  address: string
  port: number
  /** The file that names the servers for everything outside the cluster. */
  resolvConf: string
  onFailure(error: unknown): void
  /** Called for each answer. */
  onAnswered?(answered: AnsweredQuery): void
}

const idleMs = 10_000

/**
 * The cluster's DNS over UDP and TCP. It listens only from its first zone on: before that any answer would be wrong.
 */
export class DnsServer {
  #zone: DnsZone | undefined
  #listening: { datagrams: DatagramSocket; streams: Server } | undefined
  #turn = 0
  readonly #forwarder: Forwarder
  readonly #options: DnsServerOptions

  constructor(options: DnsServerOptions) {
    this.#options = options
    this.#forwarder = new Forwarder({ resolvConf: options.resolvConf, except: options.address })
  }

  async apply(zone: DnsZone): Promise<void> {
    this.#zone = zone
    this.#listening ??= await this.#listen()
  }

  close(): void {
    this.#listening?.datagrams.close()
    this.#listening?.streams.close()
    this.#listening = undefined
    this.#forwarder.close()
  }

  async #listen() {
    const { address, port, onFailure } = this.#options
    const datagrams = createSocket('udp4')
    const streams = createServer((socket) => this.#serveStream(socket))
    try {
      datagrams.bind(port, address)
      await once(datagrams, 'listening')
      streams.listen(port, address)
      await once(streams, 'listening')
    } catch (error) {
      datagrams.close()
      streams.close()
      throw error
    }
    datagrams.on('error', onFailure)
    streams.on('error', onFailure)
    datagrams.on('message', async (query, { address: client, port: clientPort }) => {
      const answer = await this.#answer(query, 'udp')
      if (answer === undefined || this.#listening === undefined) return
      datagrams.send(fittingAnswer(answer, query), clientPort, client)
    })
    return { datagrams, streams }
  }

  #serveStream(socket: Socket): void {
    let received: Buffer = Buffer.alloc(0)
    socket.setTimeout(idleMs, () => socket.destroy())
    // A client may disconnect at any time.
    socket.on('error', () => socket.destroy())
    socket.on('data', async (data: Buffer) => {
      received = Buffer.concat([received, data])
      for (let frame = readFrame(received); frame; frame = readFrame(received)) {
        received = frame.rest
        const answer = await this.#answer(frame.message, 'tcp')
        if (answer === undefined) socket.destroy()
        else if (!socket.destroyed) socket.write(writeFrame(answer))
      }
    })
  }

  async #answer(query: Buffer, transport: Transport): Promise<Buffer | undefined> {
    const zone = this.#zone
    if (zone === undefined) return undefined
    const forward = (outside: Buffer) => this.#forwarder.ask(outside, transport)
    const beganMs = performance.now()
    try {
      const answer = await answerQuery(query, zone, { forward, turn: this.#turn++ })
      if (answer === undefined) return undefined
      const seconds = (performance.now() - beganMs) / 1000
      this.#options.onAnswered?.({ transport, code: answer.readUInt8(3) & 0xf, seconds })
      return answer
    } catch (error) {
      this.#options.onFailure(error)
      return undefined
    }
  }
}
