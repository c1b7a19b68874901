import { writeFile } from 'node:fs/promises'
import {
  fullPacketScript,
  type PacketRanges,
  type PacketRules,
  packetScriptDelta,
  packetTable,
} from '@reckon/routing'
import { NftSession } from './nft-session.ts'
import { succeeds } from './run-command.ts'

/**
 * The kernel's packet rules, set by nft. The first time the whole table replaces whatever an
 * earlier process left; from then on only differences are sent, each as one transaction. Elements
 * are never listed: that takes seconds for many services.
 */
export class NftPackets {
  #held: PacketRules | undefined
  /** Scripts run one after another, each knowing what the one before it left. */
  #last: Promise<void> = Promise.resolve()
  readonly #session = new NftSession()
  readonly #options: NftOptions

  constructor(options: NftOptions) {
    this.#options = options
  }

  apply(rules: PacketRules): Promise<void> {
    return this.#inTurn(() => this.#change(rules))
  }

  /** Puts the table back where somebody took it away, as a reload of a firewall does. */
  restore(): Promise<void> {
    return this.#inTurn(async () => {
      const held = this.#held
      if (held === undefined || (await isTablePresent())) return
      this.#held = undefined
      await this.#change(held)
    })
  }

  #inTurn(work: () => Promise<void>): Promise<void> {
    const result = this.#last.then(work)
    this.#last = result.catch(() => {})
    return result
  }

  async #change(rules: PacketRules): Promise<void> {
    const held = this.#held
    // Whatever happens to this script, what the kernel holds is known again only when it is done.
    this.#held = undefined
    const script = held
      ? packetScriptDelta(held, rules)
      : fullPacketScript(rules, this.#options.ranges)
    if (script !== '') await this.#run(script)
    this.#held = rules
  }

  async #run(script: string): Promise<void> {
    const { scriptFile } = this.#options
    await writeFile(scriptFile, script)
    await this.#session.run(scriptFile)
  }
}

type NftOptions = { ranges: PacketRanges; scriptFile: string }

/**
 * Asked by what is only checked: to list tables, and be it by name, nft fetches all that is in them, 50 ms for a
 * thousand Services, for which what changes would wait.
 */
const isTablePresent = (): Promise<boolean> =>
  succeeds('nft', '--check', `flush table ${packetTable}`)
