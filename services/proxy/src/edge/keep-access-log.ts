import { rename, stat } from 'node:fs/promises'
import type { Clock } from '@reckon/eventing/bus'
import { askSocket, hasCode } from '@reckon/process'
import type { EdgeFiles } from '@reckon/routing'

const bytesMax = 64 * 1024 * 1024
const lookEveryMs = 10_000

/** Keeps the access log from growing without end, until the signal aborts: what is in it, and as much before that, stays. */
export async function keepAccessLog(
  { clock, files }: { clock: Clock; files: EdgeFiles },
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    await rotateAccessLog(files, bytesMax)
    await clock.sleep(lookEveryMs, signal)
  }
}

/**
 * Puts a log that is longer than this aside, in place of the one before it. Envoy then begins another with its next line;
 * one that could not be told writes on where it did, and is told with the next look: there is no log then.
 */
export async function rotateAccessLog(
  { accessLog, earlierAccessLog, adminSocket }: EdgeFiles,
  longerThan: number,
): Promise<void> {
  const bytes = await lengthOf(accessLog)
  if (bytes !== undefined && bytes <= longerThan) return
  if (bytes !== undefined) await rename(accessLog, earlierAccessLog)
  await askSocket(adminSocket, '/reopen_logs', 'POST')
}

async function lengthOf(path: string): Promise<number | undefined> {
  try {
    return (await stat(path)).size
  } catch (error) {
    if (!hasCode(error, 'ENOENT')) throw error
    return undefined
  }
}
