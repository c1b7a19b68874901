import { CircuitBreaker } from '@reckon/eventing/circuit-breaker'
import { askServer, hostNameServers, type Transport } from './forward-query.ts'

export type ForwarderOptions = {
  /** The file that names the servers to ask. */
  resolvConf: string
  /** Our own address, which is never asked. */
  except: string
}

type Ask = (query: Buffer, transport: Transport) => Promise<Buffer>

const underWayMax = 1_000
/** How long a server that did not answer is skipped. */
const resetMs = 2_000

/** Asks the name servers of this machine one after another; one that does not answer is skipped for a while. */
export class Forwarder {
  #underWay = 0
  readonly #servers = new Map<string, CircuitBreaker<Parameters<Ask>, Buffer>>()
  readonly #options: ForwarderOptions

  constructor(options: ForwarderOptions) {
    this.#options = options
  }

  /** The first answer; undefined if there is none, `NoServer` if there is nobody to ask. */
  async ask(query: Buffer, transport: Transport): Promise<Buffer | 'NoServer' | undefined> {
    const servers = await hostNameServers(this.#options.resolvConf, this.#options.except)
    this.#forgetAllBut(servers)
    if (servers.length === 0) return 'NoServer'
    if (this.#underWay >= underWayMax) return undefined
    this.#underWay++
    try {
      for (const server of servers) {
        const answer = await this.#breakerOf(server).call(query, transport).catch(noAnswer)
        if (answer !== undefined) return answer
      }
      return undefined
    } finally {
      this.#underWay--
    }
  }

  close(): void {
    this.#forgetAllBut([])
  }

  #breakerOf(server: string): CircuitBreaker<Parameters<Ask>, Buffer> {
    const known = this.#servers.get(server)
    if (known) return known
    const ask: Ask = (query, transport) => askServer(server, query, transport)
    const breaker = new CircuitBreaker(ask, { name: server, resetMs, opensAt: 'HalfOfCalls' })
    this.#servers.set(server, breaker)
    return breaker
  }

  #forgetAllBut(servers: readonly string[]): void {
    for (const [server, breaker] of this.#servers) {
      if (servers.includes(server)) continue
      breaker.close()
      this.#servers.delete(server)
    }
  }
}

const noAnswer = () => undefined
