import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { refuse } from '../../machine/disk/refusing-disk.ts'
import { connectionOf } from '../../machine/machine-dialer.ts'
import { type Connection, NoAnswer } from '../../runtime/dialer.ts'

const program = fileURLToPath(new URL('relay-loopback.ts', import.meta.url))

type Relay = { process: ChildProcess; socketPath: string }

/** A relay, started or being started, and its number of connections. */
type Shared = { relay: Promise<Relay>; users: number }

/**
 * Connects to the loopback of a pod's network through a process within it: one for each pod, while there are
 * connections.
 */
export class PodLoopbacks {
  readonly #shared = new Map<string, Shared>()

  /** `pid` is a process of the sandbox. Rejects with `NoAnswer`. */
  async open(sandboxId: string, pid: number, port: number): Promise<Connection> {
    const shared = this.#sharedOf(sandboxId, pid)
    shared.users++
    try {
      const { socketPath } = await shared.relay
      const socket = await joined(socketPath, port)
      socket.once('close', () => this.#leave(sandboxId, shared))
      return connectionOf(socket)
    } catch (error) {
      this.#leave(sandboxId, shared)
      // The socket or the process may not be creatable.
      refuse(error)
    }
  }

  #sharedOf(sandboxId: string, pid: number): Shared {
    const known = this.#shared.get(sandboxId)
    if (known !== undefined) return known
    const shared = { relay: startRelay(sandboxId, pid), users: 0 }
    this.#shared.set(sandboxId, shared)
    const forget = () => this.#forget(sandboxId, shared)
    shared.relay.then(({ process }) => process.once('exit', forget), forget)
    return shared
  }

  #leave(sandboxId: string, shared: Shared): void {
    shared.users--
    if (shared.users > 0) return
    this.#forget(sandboxId, shared)
    const end = ({ process }: Relay) => process.stdin?.end()
    shared.relay.then(end, () => undefined)
  }

  #forget(sandboxId: string, shared: Shared): void {
    if (this.#shared.get(sandboxId) === shared) this.#shared.delete(sandboxId)
  }
}

async function startRelay(sandboxId: string, pid: number): Promise<Relay> {
  // The pid may belong to another process by now.
  const groups = await readFile(`/proc/${pid}/cgroup`, 'utf8').catch(() => '')
  if (!groups.includes(sandboxId)) throw new NoAnswer('the pod is not on this machine')
  const folder = await mkdtemp(join(tmpdir(), 'reckon-loopback-'))
  const socketPath = join(folder, 'relay.sock')
  const args = [`--net=/proc/${pid}/ns/net`, process.execPath, program, socketPath]
  const relay = spawn('nsenter', args, { stdio: ['pipe', 'pipe', 'ignore'] })
  relay.once('close', () => void rm(folder, { recursive: true, force: true }))
  const ended = new Promise<never>((_, reject) => {
    const refuse = () => reject(new NoAnswer("the pod's own network cannot be entered"))
    relay.once('error', refuse)
    relay.once('exit', refuse)
  })
  await Promise.race([once(relay.stdout, 'data'), ended])
  return { process: relay, socketPath }
}

/** A connection through the relay to the port. */
async function joined(socketPath: string, port: number): Promise<Socket> {
  const socket = connect({ path: socketPath, allowHalfOpen: true })
  const asked = Buffer.alloc(2)
  asked.writeUInt16BE(port)
  socket.write(asked)
  const answer = await firstOf(socket).catch((error: Error) => Buffer.from(error.message))
  if (answer[0] !== 0) {
    socket.destroy()
    throw new NoAnswer(answer.toString() || 'the relay has ended')
  }
  socket.unshift(answer.subarray(1))
  return socket
}

/** The first bytes; empty where the connection ends without any. */
async function firstOf(socket: Socket): Promise<Buffer> {
  const chunks: AsyncIterable<Buffer> = socket.iterator({ destroyOnReturn: false })
  for await (const chunk of chunks) return chunk
  return Buffer.of()
}
