import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { Socket } from 'node:net'
import type { Writable } from 'node:stream'
import { searchPath } from './run-command.ts'

/**
 * A long-running `ip` that executes one command after the other, because starting one for each would block this process
 * longer than the command takes. It does not report whether a command succeeded.
 */
export class IpBatch {
  #ip: Ip | undefined

  do(commands: readonly string[]): void {
    if (commands.length === 0) return
    const ip = this.#ip ?? this.#start()
    ip.stdin.write(commands.map((command) => `${command}\n`).join(''))
  }

  #start(): Ip {
    const ip = spawn('ip', ['-force', '-batch', '-'], {
      env: { PATH: searchPath },
      stdio: ['pipe', 'ignore', 'ignore'],
    })
    const forget = () => {
      if (this.#ip === ip) this.#ip = undefined
    }
    // Then the process has ended, which is reported as well.
    ip.stdin.on('error', () => {})
    ip.once('error', forget).once('close', forget)
    // It ends with this process, and does not keep it alive.
    ip.unref()
    if (ip.stdin instanceof Socket) ip.stdin.unref()
    this.#ip = ip
    return ip
  }
}

type Ip = ChildProcessByStdio<Writable, null, null>
