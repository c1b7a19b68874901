import type Docker from 'dockerode'
import type { LogSelection } from '../runtime/runtime.ts'
import type { Engine } from './engine.ts'
import { logEntries } from './log-entries.ts'
import { LogFiles, Waker } from './log-files.ts'

/** A container's log, from the files in which Docker keeps it on this machine. */
export async function* readLog(
  { docker, engine }: { docker: Docker; engine: Engine },
  id: string,
  { selection, signal }: { selection: LogSelection; signal: AbortSignal },
): AsyncGenerator<Uint8Array> {
  const container = docker.getContainer(id)
  const { LogPath, State } = await engine(() => container.inspect())
  // It was never started.
  if (LogPath === '') return
  const files = await LogFiles.open(LogPath)
  const woken = new Waker()
  const over = { isOver: !State.Running }
  const unwatch = files.watch(() => woken.ring())
  const onAbort = () => {
    over.isOver = true
    woken.ring()
  }
  signal.addEventListener('abort', onAbort)
  if (signal.aborted) onAbort()
  const ending = new AbortController()
  if (selection.follow) void untilEnded(container, ending.signal).then(onAbort)
  try {
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
 * Resolves when the container has ended, which Docker says once all that it wrote is in its log; or when Docker can no
 * longer say so.
 */
async function untilEnded(container: Docker.Container, abortSignal: AbortSignal): Promise<void> {
  await container.wait({ condition: 'not-running', abortSignal }).catch(() => undefined)
}
