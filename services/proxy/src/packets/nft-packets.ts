import { writeFile } from 'node:fs/promises'
import { type PacketRules, packetScriptDelta, wholePacketScript } from '@reckon/routing'
import { runCommand } from './run-command.ts'

/**
 * The kernel's packet rules, set by nft. The first time the whole table replaces whatever an earlier process left; from then
 * on only differences are sent, each as one transaction. Nothing is ever listed: that takes seconds for many services.
 */
export class NftPackets {
  #held: PacketRules | undefined
  readonly #options: { serviceCidr: string; scriptFile: string }

  constructor(options: { serviceCidr: string; scriptFile: string }) {
    this.#options = options
  }

  async apply(rules: PacketRules): Promise<void> {
    const held = this.#held
    // Whatever happens to this script, what the kernel holds is known again only when it is done.
    this.#held = undefined
    await this.#run(
      held ? packetScriptDelta(held, rules) : wholePacketScript(rules, this.#options.serviceCidr),
    )
    this.#held = rules
  }

  async #run(script: string): Promise<void> {
    if (script === '') return
    // Through a file: nft cannot read the kind of pipe that Node gives a child as standard input.
    await writeFile(this.#options.scriptFile, script)
    await runCommand('nft', '-f', this.#options.scriptFile)
  }
}
