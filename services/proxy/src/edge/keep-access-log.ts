import { rename, stat } from 'node:fs/promises'
import type { Clock, Logger } from '@reckon/eventing/bus'
import { askSocket, hasCode, isBug } from '@reckon/process'
import type { EdgeFiles } from '@reckon/routing'

const bytesMax = 64 * 1024 * 1024
const lookEveryMs = 10_000

/**
 * Keeps the access log from growing without end, until the signal aborts: what is in it, and as much before that,
 * stays. Where the machine refuses, requests are served all the same, and it looks again.
 */
export async function keepAccessLog(
  { clock, log, files }: { clock: Clock; log: Logger; files: EdgeFiles },
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    try {
      await rotateAccessLog(files, bytesMax)
    } catch (error) {
      if (isBug(error)) throw error
      log.warn({ err: error, path: files.accessLog }, 'the access log cannot be put aside')
    }
    await clock.sleep(lookEveryMs, signal)
  }
}

/**
 * Puts a log that is longer than this aside, in place of the one before it. Envoy then begins another with its next
 * line; one that could not be told writes on where it did, and is told with the next look: there is no log then.
 */
export async function rotateAccessLog(
  { accessLog, earlierAccessLog, adminSocket }: EdgeFiles,
  longerThan: number,
): Promise<void> {
  const bytes = await unlessAbsent(async () => (await stat(accessLog)).size)
  if (bytes !== undefined && bytes <= longerThan) return
  // Who tidies up may have taken it since.
  if (bytes !== undefined) await unlessAbsent(() => rename(accessLog, earlierAccessLog))
  await askSocket(adminSocket, '/reopen_logs', 'POST')
}

async function unlessAbsent<T>(use: () => Promise<T>): Promise<T | undefined> {
  try {
    return await use()
  } catch (error) {
    if (!hasCode(error, 'ENOENT')) throw error
    return undefined
  }
}
