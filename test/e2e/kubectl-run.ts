import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { once } from 'node:events'
import { findKubectls } from '@reckon/bootstrap'

/** The output of a command, and its exit. */
export type Ran = { code: number | null; stdout: string; stderr: string }

/** A command that runs until it ends or is stopped. */
export class Running {
  readonly process: ChildProcessWithoutNullStreams
  readonly ended: Promise<Ran>
  #stdout = ''
  #stderr = ''
  #look = () => {}

  constructor(path: string, args: readonly string[], env: NodeJS.ProcessEnv) {
    this.process = spawn(path, args, { env })
    this.process.stdin.on('error', () => undefined)
    this.process.stdout.on('data', (part) => {
      this.#stdout += part
      this.#look()
    })
    this.process.stderr.on('data', (part) => {
      this.#stderr += part
      this.#look()
    })
    this.ended = once(this.process, 'close').then(([code]) => ({
      code: code as number | null,
      stdout: this.#stdout,
      stderr: this.#stderr,
    }))
  }

  get said(): string {
    return this.#stdout + this.#stderr
  }

  /** Resolves when it has printed something like this; throws when it ends before. */
  async until(wanted: RegExp): Promise<RegExpExecArray> {
    const said = new Promise<void>((resolve) => {
      this.#look = () => wanted.test(this.said) && resolve()
      this.#look()
    })
    await Promise.race([said, this.ended])
    const found = wanted.exec(this.said)
    if (found === null) throw new Error(`it ended without ${wanted}: ${this.said}`)
    return found
  }
}

/** Runs a command to its end, with this input. */
export function run(
  path: string,
  args: readonly string[],
  { env, input = '' }: { env: NodeJS.ProcessEnv; input?: string | Uint8Array },
): Promise<Ran> {
  const running = new Running(path, args, env)
  running.process.stdin.end(input)
  return running.ended
}

const versions = process.env.RECKON_TEST_LONG === '1' ? /^v?1\.(27|30|33)\b/ : /^v?1\.(27|33)\b/

/** The newest and the oldest kubectl that tests use; at full length also the one in between. */
export const kubectlsOfTests = async () =>
  (await findKubectls()).filter(({ version }) => versions.test(version))
