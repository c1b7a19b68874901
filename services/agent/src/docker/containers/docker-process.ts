import type { Duplex } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import type { ProcessStreams, TerminalSize } from '@reckon/node-plane'
import type Docker from 'dockerode'
import { killTree, processAt } from '../../machine/process-tree.ts'
import type { Output, RunningCommand } from '../../runtime/running-command.ts'
import { type Finished, isPassing, RuntimeRefusal } from '../../runtime/runtime.ts'
import type { Engine } from '../engine.ts'
import { outputFrames } from './output-frames.ts'

/** A shell's exit code for SIGKILL. */
const killedExitCode = 137

type From = { docker: Docker; engine: Engine }

/** Docker reports the end of a command a moment after its output ends, and its pid a moment after its start. */
const polls = { firstMs: 2, mostMs: 250 }

/** Starts a command in a running container. */
export async function startProcess(
  { docker, engine }: From,
  id: string,
  { command, streams }: { command: readonly string[]; streams: ProcessStreams },
): Promise<RunningCommand> {
  const { stdin, stdout, stderr, tty: Tty } = streams
  const attached = { AttachStdin: stdin, AttachStdout: stdout, AttachStderr: stderr }
  const asked = { Cmd: [...command], ...attached, Tty }
  const exec = await engine(() => docker.getContainer(id).exec(asked))
  const socket = await engine(() => exec.start({ hijack: true, stdin: true, Tty }))
  const inspect = () => engine(() => exec.inspect())
  return joined(socket, {
    isTerminal: Tty,
    resize: ({ width: w, height: h }) => engine(() => exec.resize({ w, h })),
    async exitCode() {
      const { ExitCode } = await until(inspect, ({ Running }) => !Running)
      return ExitCode ?? 0
    },
    async leave() {
      const { Running, Pid } = await until(inspect, (seen) => !seen.Running || seen.Pid > 0)
      const process = Running ? await processAt(Pid) : undefined
      if (process !== undefined) await killTree(process)
    },
  })
}

/** A kubelet's limit for the output of a probe. */
const outputBytesMax = 10 * 1024

/** Runs a command to its end. When the signal aborts, the command and everything it has started are killed. */
export async function runToEnd(
  from: From,
  id: string,
  { command, signal }: { command: readonly string[]; signal: AbortSignal },
): Promise<Finished> {
  const streams = { stdin: false, stdout: true, stderr: true, tty: false }
  const process = await startProcess(from, id, { command, streams })
  let left: Promise<void> | undefined
  const leave = () => {
    left ??= process.leave()
    // Awaited below, after its output has ended; an engine that is away fails earlier.
    left.catch(() => undefined)
  }
  signal.addEventListener('abort', leave, { once: true })
  if (signal.aborted) leave()
  try {
    let said = Buffer.alloc(0)
    for await (const { bytes } of process.output) {
      if (said.length < outputBytesMax) said = Buffer.concat([said, bytes])
    }
    await left
    const output = said.subarray(0, outputBytesMax).toString()
    return { exitCode: left === undefined ? await process.exitCode() : killedExitCode, output }
  } finally {
    signal.removeEventListener('abort', leave)
  }
}

/** Kills the commands that run in a container beside its main process. */
export async function endCommandsIn({ docker, engine }: From, id: string): Promise<void> {
  const { ExecIDs } = await engine(() => docker.getContainer(id).inspect())
  for (const execId of ExecIDs ?? []) {
    const { Running, Pid } = await engine(() => docker.getExec(execId).inspect())
    const process = Running ? await processAt(Pid) : undefined
    if (process !== undefined) await killTree(process)
  }
}

/** Attaches to the main process of a running container. */
export async function attachTo(
  { docker, engine }: From,
  id: string,
  { stdin, stdout, stderr }: ProcessStreams,
): Promise<RunningCommand> {
  const container = docker.getContainer(id)
  const { Config, State } = await engine(() => container.inspect())
  // Docker itself would accept this and never send anything.
  if (!State.Running) throw new RuntimeRefusal(`container ${id} is not running`)
  const options = { stream: true, hijack: true, stdin, stdout, stderr }
  const socket = await engine(() => container.attach(options))
  return joined(socket as Duplex, {
    isTerminal: Config.Tty,
    resize: ({ width: w, height: h }) => engine(() => container.resize({ w, h })),
    exitCode: async () => 0,
    leave: async () => undefined,
  })
}

type Joined = {
  isTerminal: boolean
  resize(size: TerminalSize): Promise<unknown>
  exitCode(): Promise<number>
  leave(): Promise<void>
}

function joined(socket: Duplex, own: Joined): RunningCommand {
  // Readers and writers receive the error.
  socket.on('error', () => undefined)
  return {
    output: outputOf(socket, own.isTerminal),
    write: (bytes) => written(socket, bytes),
    endInput: () => void socket.end(),
    async resize(size) {
      try {
        await own.resize(size)
      } catch (error) {
        if (!isPassing(error)) throw error
      }
    },
    exitCode: () => own.exitCode(),
    async leave() {
      socket.destroy()
      await own.leave()
    },
  }
}

async function* outputOf(socket: Duplex, isTerminal: boolean): AsyncGenerator<Output> {
  const chunks: AsyncIterable<Buffer> = socket
  try {
    if (!isTerminal) yield* outputFrames(chunks)
    else for await (const bytes of chunks) yield { channel: 'stdout', bytes }
  } catch (error) {
    // The client left, or the engine is gone, which the next call reports.
    if (!socket.destroyed) throw error
  }
}

async function written(socket: Duplex, bytes: Uint8Array): Promise<boolean> {
  if (socket.destroyed || socket.writableEnded) return false
  return new Promise((resolve) => socket.write(bytes, (error) => resolve(!error)))
}

async function until<T>(look: () => Promise<T>, is: (seen: T) => boolean): Promise<T> {
  for (let restMs = polls.firstMs; ; restMs = Math.min(restMs * 2, polls.mostMs)) {
    const seen = await look()
    if (is(seen)) return seen
    await sleep(restMs)
  }
}
