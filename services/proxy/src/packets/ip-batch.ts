import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { Socket } from 'node:net'
import type { Writable } from 'node:stream'
import { searchPath } from './run-command.ts'

/**
 * An `ip` that stays, and does one thing after the other: to start one for each holds this process up for longer than
 * the thing takes. It tells nobody whether it was done.
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
    // It has ended then, and that is told, too.
    ip.stdin.on('error', () => {})
    ip.once('error', forget).once('close', forget)
    // It ends with this process, which it does not keep.
    ip.unref()
    if (ip.stdin instanceof Socket) ip.stdin.unref()
    this.#ip = ip
    return ip
  }
}

type Ip = ChildProcessByStdio<Writable, null, null>
