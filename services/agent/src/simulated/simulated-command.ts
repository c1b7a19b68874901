import type { Output, RunningCommand } from '../runtime/running-command.ts'
import { echoedLines } from './simulated-log.ts'

/**
 * A simulated command: prints what its command line gives to `echo`, then its input where it reads it (`cat`), and ends
 * with the code after `exit`.
 */
export function simulatedCommand(command: readonly string[]): RunningCommand {
  const line = command.join(' ')
  const waiting: Uint8Array[] = echoedLines(line).map((each) => Buffer.from(`${each}\n`))
  let isOpen = /\bcat\b/.test(line)
  let wake = () => {}
  const end = () => {
    isOpen = false
    wake()
  }
  async function* output(): AsyncGenerator<Output> {
    for (;;) {
      const bytes = waiting.shift()
      if (bytes !== undefined) yield { channel: 'stdout', bytes }
      else if (!isOpen) return
      else {
        await new Promise<void>((resolve) => {
          wake = resolve
        })
      }
    }
  }
  return {
    output: output(),
    async write(bytes) {
      if (isOpen) waiting.push(bytes)
      wake()
      return isOpen
    },
    endInput: end,
    async resize() {},
    exitCode: async () => Number(/\bexit (\d+)/.exec(line)?.[1] ?? 0),
    async leave() {
      end()
    },
  }
}
