import { writeFile } from 'node:fs/promises'
import {
  fullPacketScript,
  type PacketRanges,
  type PacketRules,
  packetScriptDelta,
  packetTable,
} from '@reckon/routing'
import { runCommand, runUntilPrinted, succeeds } from './run-command.ts'

/**
 * The kernel's packet rules, set by nft. The first time the whole table replaces whatever an
 * earlier process left; from then on only differences are sent, each as one transaction. Elements
 * are never listed: that takes seconds for many services.
 */
export class NftPackets {
  #held: PacketRules | undefined
  /** Scripts run one after another, each knowing what the one before it left. */
  #last: Promise<void> = Promise.resolve()
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
    // Through a file: nft cannot read the kind of pipe that Node gives a child as standard input.
    await writeFile(scriptFile, script)
    if (script.length > echoedMax) await runCommand('nft', '-f', scriptFile)
    // What the kernel has committed is echoed; nft ends only when it has thrown away what was removed, which
    // takes 10 to 20 ms more.
    else await runUntilPrinted('nft', '--echo', '-f', scriptFile)
  }
}

/** The kernel may drop echoes of what is longer, and nft then calls it a failure. */
const echoedMax = 65_536

type NftOptions = { ranges: PacketRanges; scriptFile: string }

/**
 * Asked by what is only checked: to list tables, and be it by name, nft fetches all that is in them, 50 ms for a thousand
 * Services, for which what changes would wait.
 */
const isTablePresent = (): Promise<boolean> =>
  succeeds('nft', '--check', `flush table ${packetTable}`)
