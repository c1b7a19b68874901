import type Docker from 'dockerode'
import { refuse } from '../../machine/disk/refusing-disk.ts'
import type { LogSelection } from '../../runtime/runtime.ts'
import type { Engine } from '../engine.ts'
import { logEntries } from './log-entries.ts'
import { LogFiles, Waker } from './log-files.ts'

type From = { docker: Docker; engine: Engine }
type Asked = { selection: LogSelection; signal: AbortSignal }

/** Reads a container's log from Docker's files on this machine. */
export async function* readLog(from: From, id: string, asked: Asked): AsyncGenerator<Uint8Array> {
  try {
    yield* writtenBy(from, id, asked)
  } catch (error) {
    // For example too many open files, or a failing disk: the client is told.
    refuse(error)
  }
}

async function* writtenBy(
  { docker, engine }: From,
  id: string,
  { selection, signal }: Asked,
): AsyncGenerator<Uint8Array> {
  const container = docker.getContainer(id)
  const { LogPath, State } = await engine(() => container.inspect())
  // The container was never started.
  if (LogPath === '') return
  const files = await LogFiles.open(LogPath)
  const woken = new Waker()
  const over = { isOver: !State.Running }
  const onAbort = () => {
    over.isOver = true
    woken.ring()
  }
  signal.addEventListener('abort', onAbort)
  if (signal.aborted) onAbort()
  const ending = new AbortController()
  if (selection.follow) void untilEnded(container, ending.signal).then(onAbort)
  let unwatch = () => {}
  try {
    unwatch = files.watch(() => woken.ring())
    const { tailLines } = selection
    const begin = tailLines === undefined ? 0 : await files.skipToTail(tailLines)
    const follow = { woken, isOver: () => over.isOver }
    yield* logEntries(files.read(begin, selection.follow ? follow : undefined), selection)
  } finally {
    ending.abort()
    signal.removeEventListener('abort', onAbort)
    unwatch()
    await files.close()
  }
}

/**
 * Resolves when the container has ended, which Docker reports once its whole output is in the log; or when Docker can
 * no longer report it.
 */
async function untilEnded(container: Docker.Container, abortSignal: AbortSignal): Promise<void> {
  await container.wait({ condition: 'not-running', abortSignal }).catch(() => undefined)
}
