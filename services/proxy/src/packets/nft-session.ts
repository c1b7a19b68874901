import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { Socket } from 'node:net'
import { basename, dirname } from 'node:path'
import type { Readable, Writable } from 'node:stream'
import { searchPath } from './run-command.ts'

/**
 * A long-running nft that executes one script after the other. Starting one for each script would return only after the
 * kernel has freed what was removed (10 to 20 ms) or, with `--echo`, after fetching the content of all tables (300 ms
 * with a thousand Services).
 */
export class NftSession {
  #nft: Nft | undefined
  #scripts = 0
  readonly #scriptsMax: number

  /** nft keeps each line in its history, some 300 bytes; after this many lines it is replaced. */
  constructor(scriptsMax = 10_000) {
    this.#scriptsMax = scriptsMax
  }

  /**
   * Resolves when the kernel has executed the script. Throws nft's message if it failed; then nothing of it is in
   * effect.
   */
  async run(scriptFile: string): Promise<void> {
    const nft = this.#nft ?? this.#start(dirname(scriptFile))
    // A relative path, so that the folder's name needs no quotes.
    const said = await carriedOut(nft, `include "./${basename(scriptFile)}"`)
    if (++this.#scripts === this.#scriptsMax) this.#letGo(nft)
    if (said.includes('Error: ')) throw new Error(`nft: ${said.trim()}`)
  }

  #start(folder: string): Nft {
    // One stream for both, so that messages about a script come before the answer that follows it.
    const nft = spawn('sh', ['-c', 'exec nft -i 2>&1'], {
      cwd: folder,
      // It writes its history into its home when it ends.
      env: { PATH: searchPath, HOME: '/dev/null' },
      stdio: ['pipe', 'pipe', 'ignore'],
    })
    nft.stdout.setEncoding('utf8')
    // Then the process has ended, which is reported as well.
    nft.stdin.on('error', () => {})
    nft.once('error', () => this.#forget(nft)).once('close', () => this.#forget(nft))
    keepsNobody(nft)
    this.#nft = nft
    this.#scripts = 0
    return nft
  }

  #letGo(nft: Nft): void {
    nft.stdin.end()
    this.#forget(nft)
  }

  #forget(nft: Nft): void {
    if (this.#nft === nft) this.#nft = undefined
  }
}

type Nft = ChildProcessByStdio<Writable, Readable, null>

const timeoutMs = 30_000

/** A command to run after each script, whose answer needs nothing of the kernel. */
const question = 'describe tcp dport'
const answer = /^payload expression.*\n/m

/** The output for a command that was executed, or not. */
function carriedOut(nft: Nft, command: string): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  let said = ''
  const hear = (part: string) => {
    said += part
    if (answer.test(said)) resolve(said.replace(answer, ''))
  }
  const fail = () => reject(new Error(`nft ended: ${said.trim()}`))
  nft.stdout.on('data', hear)
  nft.once('error', reject).once('close', fail)
  // This also keeps the process alive meanwhile.
  const timer = setTimeout(() => nft.kill('SIGKILL'), timeoutMs)
  nft.stdin.write(`${command}\n${question}\n`)
  return promise.finally(() => {
    clearTimeout(timer)
    nft.stdout.off('data', hear)
    nft.off('error', reject).off('close', fail)
  })
}

/** nft ends with its input, in case the process that started it ends first. */
function keepsNobody(nft: Nft): void {
  nft.unref()
  for (const pipe of [nft.stdin, nft.stdout]) if (pipe instanceof Socket) pipe.unref()
}
