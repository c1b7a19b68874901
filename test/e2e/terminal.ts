import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import type { Readable, Writable } from 'node:stream'

const commandMsMax = 60_000

type Shell = ChildProcess & { stdin: Writable; stdout: Readable }

/** A shell in which commands are typed one after the other: variables and background processes stay. */
export class Terminal {
  readonly #shell: Shell
  #printed = ''
  #look = () => {}
  #count = 0
  readonly #ended: Promise<unknown>

  constructor(options: { cwd: string; env: NodeJS.ProcessEnv }) {
    this.#shell = spawn('bash', ['--noprofile', '--norc'], {
      ...options,
      stdio: ['pipe', 'pipe', 'inherit'],
      // It ends together with what it has left running.
      detached: true,
    })
    this.#shell.stdout.setEncoding('utf8').on('data', (part: string) => {
      this.#printed += part
      this.#look()
    })
    this.#ended = once(this.#shell, 'exit')
    this.#shell.stdin.write('exec 2>&1\n')
  }

  /** Types a command; returns its output on both streams. */
  async type(command: string): Promise<string> {
    const mark = `\n-- command ${++this.#count} is over --\n`
    this.#printed = ''
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#look = () => this.#printed.includes(mark) && resolve()
    this.#shell.stdin.write(
      `{ ${command}\n} < /dev/null\nprintf '${mark.replaceAll('\n', '\\n')}'\n`,
    )
    const late = setTimeout(resolve, commandMsMax)
    await Promise.race([promise, this.#ended])
    clearTimeout(late)
    const end = this.#printed.indexOf(mark)
    if (end < 0) throw new Error(`it did not end: ${command}\n${this.#printed}`)
    return this.#printed.slice(0, end)
  }

  close(): void {
    const { pid } = this.#shell
    if (pid !== undefined && this.#shell.exitCode === null) process.kill(-pid, 'SIGKILL')
  }
}
