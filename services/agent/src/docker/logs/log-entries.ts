import { isJsonObject } from '@reckon/kubernetes'

type Shown = { timestamps: boolean; sinceMs?: number }

const lineEnd = 0x0a

/**
 * Decodes the log of Docker's json-file driver: each line of the file is a piece of output, usually a line, with its
 * time. Damaged lines, as after a power cut, are skipped.
 */
export async function* logEntries(
  chunks: AsyncIterable<Buffer>,
  shown: Shown,
): AsyncGenerator<Uint8Array> {
  let rest: Buffer = Buffer.alloc(0)
  let isAtLineStart = true
  for await (const chunk of chunks) {
    const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
    const end = bytes.lastIndexOf(lineEnd) + 1
    rest = bytes.subarray(end)
    let text = ''
    for (const line of bytes.toString('utf8', 0, end).split('\n')) {
      const entry = line === '' ? undefined : entryIn(line)
      if (entry === undefined || Date.parse(entry.time) < (shown.sinceMs ?? 0)) continue
      text += shown.timestamps && isAtLineStart ? `${entry.time} ${entry.log}` : entry.log
      isAtLineStart = entry.log.endsWith('\n')
    }
    if (text !== '') yield Buffer.from(text)
  }
}

function entryIn(line: string): { log: string; time: string } | undefined {
  try {
    const entry: unknown = JSON.parse(line)
    if (!isJsonObject(entry)) return undefined
    const { log, time } = entry
    return typeof log === 'string' && typeof time === 'string' ? { log, time } : undefined
  } catch {
    return undefined
  }
}
