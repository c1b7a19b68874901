import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { Socket } from 'node:net'
import type { Readable, Writable } from 'node:stream'

/** The network's tools lie in folders that an ordinary user's PATH may lack. */
export const toolsPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'

const timeoutMs = 30_000

type Shell = ChildProcessByStdio<Writable, Readable, null>

/**
 * A shell that stays, and carries out one command after the other: to begin a process takes one as large as this longer
 * than most commands take, and holds it up meanwhile.
 */
export class StandingShell {
  #shell: Shell | undefined
  #last: Promise<void> = Promise.resolve()

  /** Resolves when the command has ended well, which may span lines; else throws what it said. */
  run(command: string): Promise<void> {
    const turn = this.#last.then(() => this.#carryOut(command))
    this.#last = turn.catch(() => undefined)
    return turn
  }

  async #carryOut(command: string): Promise<void> {
    const { said, code } = await answerOf(this.#shell ?? this.#start(), command)
    if (code !== 0) throw new Error(said.trim() || `it ended with ${code}`)
  }

  #start(): Shell {
    const env = { PATH: toolsPath }
    const shell = spawn('sh', [], { env, stdio: ['pipe', 'pipe', 'ignore'] })
    const forget = () => {
      if (this.#shell === shell) this.#shell = undefined
    }
    // It has ended then, and that is told, too.
    shell.stdin.on('error', () => {})
    shell.once('error', forget).once('close', forget)
    // It ends with this process, which it does not keep.
    shell.unref()
    for (const each of [shell.stdin, shell.stdout]) if (each instanceof Socket) each.unref()
    this.#shell = shell
    return shell
  }
}

/** Said after each command, with how it ended. */
const ending = /^== (\d+)\n$/m

async function answerOf(shell: Shell, command: string): Promise<{ said: string; code: number }> {
  const { promise, resolve, reject } = Promise.withResolvers<{ said: string; code: number }>()
  let said = ''
  const hear = (part: Buffer) => {
    said += part
    const ended = ending.exec(said)
    if (ended) resolve({ said: said.slice(0, ended.index), code: Number(ended[1]) })
  }
  const fail = () => reject(new Error('the shell has ended'))
  shell.stdout.on('data', hear)
  shell.once('error', fail).once('close', fail)
  // Also what keeps the process from ending meanwhile.
  const timer = setTimeout(() => shell.kill('SIGKILL'), timeoutMs)
  shell.stdin.write(`{ ${command}\n} 2>&1; echo "== $?"\n`)
  try {
    return await promise
  } finally {
    clearTimeout(timer)
    shell.stdout.off('data', hear)
    shell.off('error', fail).off('close', fail)
  }
}
