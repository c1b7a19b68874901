import type { Bus } from '../bus.ts'
import type { Logger } from '../logger.ts'

export type BusOptions = {
  servers: string | string[]
  user?: string
  password?: string
  /** The name of this connection in nats-server's own statistics. */
  name: string
  /** What answers to this connection are addressed to; its credentials may be limited to that. */
  inboxPrefix?: string
  logger?: Logger
}

export async function connectBus(options: BusOptions): Promise<Bus> {
  throw new Error(`not yet: ${options.name}`)
}
