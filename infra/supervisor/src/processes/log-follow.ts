import { watch } from 'node:fs'
import { mkdir, open, stat } from 'node:fs/promises'
import { basename, dirname } from 'node:path'
import type { Layout } from '../layout.ts'

/** Passes on every new line in the processes' log files. */
export async function followLogs(
  layout: Layout,
  names: readonly string[],
  onLine: (process: string, line: string) => void,
  signal: AbortSignal,
): Promise<void> {
  const folder = dirname(layout.logFile('any'))
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const tails = new Map<string, Tail>()
  for (const name of names) {
    const path = layout.logFile(name)
    const { size } = await stat(path).catch(() => ({ size: 0 }))
    tails.set(basename(path), { path, at: size, rest: '', reading: false, again: false, name })
  }
  watch(folder, { signal }, (_, file) => {
    const tail = file === null ? undefined : tails.get(file)
    if (tail) void readOn(tail, onLine)
  }).on('error', () => {})
}

type Tail = {
  name: string
  path: string
  at: number
  rest: string
  reading: boolean
  again: boolean
}

async function readOn(tail: Tail, onLine: (process: string, line: string) => void): Promise<void> {
  tail.again = true
  if (tail.reading) return
  tail.reading = true
  while (tail.again) {
    tail.again = false
    const file = await open(tail.path).catch(() => undefined)
    if (!file) break
    for await (const part of file.createReadStream({ start: tail.at, encoding: 'utf8' })) {
      tail.at += Buffer.byteLength(part as string)
      const lines = (tail.rest + part).split('\n')
      tail.rest = lines.pop() ?? ''
      for (const line of lines) onLine(tail.name, line)
    }
  }
  tail.reading = false
}
