import { type WebSocket, WebSocketServer } from 'ws'
import type { CommandClient, CommandStatus } from './command-client.ts'
import { PendingBytes } from './pending-bytes.ts'
import { upgradedWebSocket } from './upgraded-websocket.ts'
import type { Upgrade } from './upgrades.ts'
import { pauseUntil, sendOnChannel } from './websocket-channels.ts'

/** As upstream, most preferred first; in the older protocol the client cannot close its input. */
const protocols = ['v5.channel.k8s.io', 'v4.channel.k8s.io']
const channelNumbers = { stdin: 0, stdout: 1, stderr: 2, status: 3, resize: 4, close: 255 } as const
const messageBytesMax = 16 * 1024 * 1024

const server = new WebSocketServer({
  noServer: true,
  perMessageDeflate: false,
  maxPayload: messageBytesMax,
  handleProtocols: (offered) => protocols.find((each) => offered.has(each)) ?? false,
})

/** Whether the client offers one of the supported protocols. */
export const speaksCommands = (offered: string | undefined): boolean =>
  (offered ?? '').split(',').some((each) => protocols.includes(each.trim()))

/** Switches to WebSocket; undefined if the client has gone meanwhile. */
export async function openWebSocketCommand(upgrade: Upgrade): Promise<CommandClient | undefined> {
  const websocket = await upgradedWebSocket(server, upgrade)
  return websocket && new WebSocketCommand(websocket)
}

/** Each message begins with its channel number; `255, n` closes channel n. */
class WebSocketCommand implements CommandClient {
  readonly stdin = new PendingBytes()
  readonly resizes = new PendingBytes()
  readonly #websocket: WebSocket
  readonly #gone = new AbortController()

  constructor(websocket: WebSocket) {
    this.#websocket = websocket
    websocket.on('message', (data: Buffer) => this.#take(data))
    websocket.on('error', () => undefined)
    websocket.on('close', () => {
      this.#gone.abort()
      this.stdin.end()
      this.resizes.end()
    })
  }

  get gone(): AbortSignal {
    return this.#gone.signal
  }

  write(channel: 'stdout' | 'stderr', bytes: Uint8Array): Promise<boolean> {
    return sendOnChannel(this.#websocket, channelNumbers[channel], bytes)
  }

  async end(status: CommandStatus): Promise<void> {
    await sendOnChannel(this.#websocket, channelNumbers.status, Buffer.from(JSON.stringify(status)))
    // kubectl treats any other close code as an error and ignores the status.
    this.#websocket.close(1000)
  }

  ping(): void {
    this.#websocket.ping()
  }

  #take(message: Buffer): void {
    const [channel, ended] = message
    if (channel === channelNumbers.close) {
      if (ended === channelNumbers.stdin) this.stdin.end()
    } else if (channel === channelNumbers.resize) this.resizes.push(message.subarray(1))
    else if (channel === channelNumbers.stdin && message.length > 1) {
      pauseUntil(this.#websocket, this.stdin.push(message.subarray(1)))
    }
  }
}
