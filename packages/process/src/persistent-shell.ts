import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { Socket } from 'node:net'
import type { Readable, Writable } from 'node:stream'

/** Network tools are in folders that an ordinary user's PATH may lack. */
export const toolsPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'

const timeoutMs = 30_000

type Shell = ChildProcessByStdio<Writable, Readable, null>

/**
 * A shell that runs one command after the other: spawning from a process as large as this takes longer than most
 * commands, and blocks it meanwhile.
 */
export class PersistentShell {
  #shell: Shell | undefined
  #last: Promise<unknown> = Promise.resolve()

  /** Runs a command, which may span lines, and returns what it prints; throws that where it fails. */
  run(command: string): Promise<string> {
    const turn = this.#last.then(() => this.#carryOut(command))
    this.#last = turn.catch(() => undefined)
    return turn
  }

  async #carryOut(command: string): Promise<string> {
    const { said, code } = await answerOf(this.#shell ?? this.#start(), command)
    if (code !== 0) throw new Error(said.trim() || `it ended with ${code}`)
    return said
  }

  #start(): Shell {
    const env = { PATH: toolsPath }
    const shell = spawn('sh', [], { env, stdio: ['pipe', 'pipe', 'ignore'] })
    const forget = () => {
      if (this.#shell === shell) this.#shell = undefined
    }
    // The shell has then ended, which is reported elsewhere.
    shell.stdin.on('error', () => {})
    shell.once('error', forget).once('close', forget)
    // The shell ends with this process and does not keep it alive.
    shell.unref()
    for (const each of [shell.stdin, shell.stdout]) if (each instanceof Socket) each.unref()
    this.#shell = shell
    return shell
  }
}

/** Printed after each command, with its exit code. */
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
  // This timer also keeps the process alive until the command has ended.
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
