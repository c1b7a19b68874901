import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { Socket } from 'node:net'
import { basename, dirname } from 'node:path'
import type { Readable, Writable } from 'node:stream'
import { searchPath } from './run-command.ts'

/**
 * An nft that stays, and carries out one script after the other. One for each script would answer only when the kernel
 * has thrown away what was removed (10 to 20 ms), or with `--echo` when it has fetched all that the tables hold (300 ms
 * for a thousand Services).
 */
export class NftSession {
  #nft: Nft | undefined
  #scripts = 0
  readonly #scriptsMax: number

  /** It remembers each line that it was told, some 300 bytes: after so many another one takes its place. */
  constructor(scriptsMax = 10_000) {
    this.#scriptsMax = scriptsMax
  }

  /** Resolves when the kernel has it. Throws what nft says of one that is not carried out: then nothing of it is. */
  async run(scriptFile: string): Promise<void> {
    const nft = this.#nft ?? this.#start(dirname(scriptFile))
    // By a path from where it runs: what the folder is called needs no quotes then.
    const said = await carriedOut(nft, `include "./${basename(scriptFile)}"`)
    if (++this.#scripts === this.#scriptsMax) this.#letGo(nft)
    if (said.includes('Error: ')) throw new Error(`nft: ${said.trim()}`)
  }

  #start(folder: string): Nft {
    // One stream for both, so that what it says of a script comes before the answer that follows.
    const nft = spawn('sh', ['-c', 'exec nft -i 2>&1'], {
      cwd: folder,
      // It writes what it was told into its home when it ends.
      env: { PATH: searchPath, HOME: '/dev/null' },
      stdio: ['pipe', 'pipe', 'ignore'],
    })
    nft.stdout.setEncoding('utf8')
    // It has ended then, and that is told, too.
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

/** Asked after each script, as the answer needs nothing of the kernel. */
const question = 'describe tcp dport'
const answer = /^payload expression.*\n/m

/** What it says of a command that it has carried out, or has not. */
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
  // Also what keeps the process from ending meanwhile.
  const timer = setTimeout(() => nft.kill('SIGKILL'), timeoutMs)
  nft.stdin.write(`${command}\n${question}\n`)
  return promise.finally(() => {
    clearTimeout(timer)
    nft.stdout.off('data', hear)
    nft.off('error', reject).off('close', fail)
  })
}

/** It ends when its input does: whoever started it may end before it. */
function keepsNobody(nft: Nft): void {
  nft.unref()
  for (const pipe of [nft.stdin, nft.stdout]) if (pipe instanceof Socket) pipe.unref()
}
