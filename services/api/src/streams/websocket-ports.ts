import { badRequest, isRefusal } from '@reckon/kubernetes'
import { type WebSocket, WebSocketServer } from 'ws'
import type { OpenPort } from './forward-ports.ts'
import { PendingBytes } from './pending-bytes.ts'
import { relayInput } from './relay-input.ts'
import { upgradedWebSocket } from './upgraded-websocket.ts'
import type { Upgrade } from './upgrades.ts'
import { pauseUntil, sendOnChannel } from './websocket-channels.ts'

const protocol = 'v4.channel.k8s.io'
const messageBytesMax = 16 * 1024 * 1024
/** A channel number is one byte, and each port takes two. */
const portsMax = 127

const server = new WebSocketServer({
  noServer: true,
  perMessageDeflate: false,
  maxPayload: messageBytesMax,
  handleProtocols: () => protocol,
})

/** Whether the client forwards ports in WebSocket channels, as libraries without SPDY do. */
export const speaksPortChannels = (offered: string | undefined): boolean =>
  (offered ?? '').split(',').some((each) => each.trim() === protocol)

/** The ports in such a client's URL, `?ports=80&ports=443`; refused where there are none, or too many. */
export function portsNamed(url: string): readonly number[] {
  const [, query = ''] = url.split('?', 2)
  const texts = new URLSearchParams(query).getAll('ports').flatMap((each) => each.split(','))
  if (texts.length === 0) throw badRequest('query parameter "ports" is required')
  if (texts.length > portsMax) throw badRequest(`no more than ${portsMax} ports are forwarded`)
  return texts.map((text) => {
    const port = /^\d{1,5}$/.test(text) ? Number(text) : 0
    if (port >= 1 && port <= 65_535) return port
    throw badRequest(`unable to parse ${JSON.stringify(text)} as a port`)
  })
}

/** Switches to WebSocket; undefined if the client has gone meanwhile. */
export async function openWebSocketPorts(
  upgrade: Upgrade,
  ports: readonly number[],
): Promise<WebSocketPorts | undefined> {
  const websocket = await upgradedWebSocket(server, upgrade)
  return websocket && new WebSocketPorts(websocket, ports)
}

/** `incoming` is what the client sends in the port's channel. */
type ForwardedPort = { index: number; port: number; incoming: PendingBytes }

/**
 * One connection to each port. Each message begins with its channel number: 2n carries the data of the nth port, 2n + 1
 * its errors; the first message of each channel has the port number, little endian.
 */
class WebSocketPorts {
  readonly #websocket: WebSocket
  readonly #ports: readonly ForwardedPort[]
  readonly #gone = new AbortController()

  constructor(websocket: WebSocket, ports: readonly number[]) {
    this.#websocket = websocket
    this.#ports = ports.map((port, index) => ({ index, port, incoming: new PendingBytes() }))
    websocket.on('message', (data: Buffer) => this.#take(data))
    websocket.on('error', () => undefined)
    websocket.on('close', () => {
      this.#gone.abort()
      for (const { incoming } of this.#ports) incoming.end()
    })
  }

  get gone(): AbortSignal {
    return this.#gone.signal
  }

  ping(): void {
    this.#websocket.ping()
  }

  close(): void {
    this.#websocket.close(1000)
  }

  /** Connects the channels with the pod, until it has closed every connection or the client is gone. */
  async forward(openPort: OpenPort): Promise<void> {
    try {
      for (const { index, port } of this.#ports) {
        const number = Buffer.of(port & 0xff, port >> 8)
        await sendOnChannel(this.#websocket, 2 * index, number)
        await sendOnChannel(this.#websocket, 2 * index + 1, number)
      }
      await Promise.all(this.#ports.map((each) => this.#forward(each, openPort)))
    } finally {
      this.close()
    }
  }

  async #forward({ index, port, incoming }: ForwardedPort, openPort: OpenPort): Promise<void> {
    try {
      const stream = await openPort(port)
      const giveUp = () => stream.end({ type: 'Cancelled' })
      this.gone.addEventListener('abort', giveUp)
      if (this.gone.aborted) giveUp()
      void relayInput(incoming, stream)
      for await (const bytes of stream.read('stdout')) {
        if (!(await sendOnChannel(this.#websocket, 2 * index, bytes))) giveUp()
      }
      const outcome = await stream.ended
      if (outcome.type === 'Lost') await this.#tell(index, outcome.message)
    } catch (refusal) {
      if (!isRefusal(refusal)) throw refusal
      await this.#tell(index, refusal.message)
    } finally {
      // Data for a closed port must not hold up the others.
      incoming.end()
    }
  }

  #tell = (index: number, problem: string) =>
    sendOnChannel(this.#websocket, 2 * index + 1, Buffer.from(problem))

  #take(message: Buffer): void {
    const [channel = 0] = message
    pauseUntil(this.#websocket, this.#ports[channel / 2]?.incoming.push(message.subarray(1)))
  }
}
