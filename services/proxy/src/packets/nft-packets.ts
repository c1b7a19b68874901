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
 * The kernel's packet rules, set by nft. At first the whole table replaces whatever an earlier process left; after that
 * only differences are sent, each as one transaction. Elements are never listed, because that takes seconds with many
 * Services.
 */
export class NftPackets {
  #held: PacketRules | undefined
  /** Scripts run one after another, each based on what the previous one left. */
  #last: Promise<void> = Promise.resolve()
  readonly #session = new NftSession()
  readonly #options: NftOptions

  constructor(options: NftOptions) {
    this.#options = options
  }

  apply(rules: PacketRules): Promise<void> {
    return this.#inTurn(() => this.#change(rules))
  }

  /** Restores the table if somebody removed it, as the reload of a firewall does. */
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
    // Until the script has ended, successfully or not, the kernel's state is not known.
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
 * A separate nft for checks: to list tables, even by name, nft fetches their whole content (50 ms with a thousand
 * Services), which must not delay changes.
 */
const isTablePresent = (): Promise<boolean> =>
  succeeds('nft', '--check', `flush table ${packetTable}`)
