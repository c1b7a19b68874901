import { type NodeStream, parseTerminalSize, type StreamOutcome } from '@reckon/node-plane'
import type { RunningCommand } from '../runtime/running-command.ts'
import { isPassing } from '../runtime/runtime.ts'

/** Connects a process to a remote client, until either ends. */
export async function streamProcess(
  process: RunningCommand,
  stream: NodeStream,
): Promise<StreamOutcome> {
  const left = Promise.withResolvers<'Left'>()
  const leave = async () => {
    await process.leave().catch((error: unknown) => {
      if (!isPassing(error)) throw error
    })
    left.resolve('Left')
  }
  stream.signal.addEventListener('abort', leave)
  if (stream.signal.aborted) void leave()
  stream.confirm()
  void relayInput(process, stream)
  void relaySizes(process, stream)
  for await (const { channel, bytes } of process.output) {
    if (!(await stream.write(channel, bytes))) break
  }
  const ended = await Promise.race([
    stream.signal.aborted ? left.promise : process.exitCode(),
    left.promise,
  ])
  stream.signal.removeEventListener('abort', leave)
  return ended === 'Left' ? { type: 'Cancelled' } : { type: 'Done', exitCode: ended }
}

async function relayInput(process: RunningCommand, stream: NodeStream): Promise<void> {
  for await (const bytes of stream.read('stdin')) {
    if (!(await process.write(bytes))) return
  }
  if (!stream.signal.aborted) process.endInput()
}

async function relaySizes(process: RunningCommand, stream: NodeStream): Promise<void> {
  for await (const bytes of stream.read('resize')) {
    const size = sizeIn(bytes)
    if (size !== undefined) await process.resize(size)
  }
}

function sizeIn(bytes: Uint8Array) {
  try {
    return parseTerminalSize(bytes)
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}
