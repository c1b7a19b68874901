import { rename, stat } from 'node:fs/promises'
import type { Clock, Logger } from '@reckon/eventing/bus'
import { askSocket, hasCode, isBug } from '@reckon/process'
import type { EdgeFiles } from '@reckon/routing'

const bytesMax = 64 * 1024 * 1024
const lookEveryMs = 10_000

/**
 * Bounds the size of the access log until the signal aborts: the current file and one previous one are kept. If the
 * machine fails, requests are served all the same, and it tries again.
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
 * Renames a log that has become too long, replacing the previous one. Envoy then opens a new file with its next line.
 * An Envoy that could not be told goes on writing to the renamed file and is told again later, when no log is found.
 */
export async function rotateAccessLog(
  { accessLog, earlierAccessLog, adminSocket }: EdgeFiles,
  longerThan: number,
): Promise<void> {
  const bytes = await unlessAbsent(async () => (await stat(accessLog)).size)
  if (bytes !== undefined && bytes <= longerThan) return
  // Somebody may have deleted it since.
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
