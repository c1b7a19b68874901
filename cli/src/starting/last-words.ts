import { open } from 'node:fs/promises'
import type { Layout } from '@reckon/supervisor'
import { readableLine } from '../formatting/output.ts'

const tailBytes = 16 * 1024
/** Stack frames and node's own additions: they can be read in the log. */
const noise = /^(\s+at |\s*\^*\s*$|Node\.js v)/

/** The last lines of a process' log, at most this many; empty where there is none. */
export async function lastWords(layout: Layout, name: string, count: number): Promise<string[]> {
  const lines = (await tailOf(layout.logFile(name))).split('\n').slice(-4 * count)
  const readable = lines.flatMap((line) => readableLine(line).split('\n'))
  return readable.filter((line) => !noise.test(line)).slice(-count)
}

async function tailOf(path: string): Promise<string> {
  const file = await open(path).catch(() => undefined)
  if (!file) return ''
  try {
    const { size } = await file.stat()
    const length = Math.min(size, tailBytes)
    const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, size - length)
    return buffer.toString('utf8', 0, bytesRead)
  } finally {
    await file.close()
  }
}
