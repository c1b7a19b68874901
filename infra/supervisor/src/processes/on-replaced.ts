import { watch } from 'node:fs'
import { basename, dirname } from 'node:path'

/** Calls back whenever the file is replaced, until the signal aborts. */
export function onReplaced(file: string, tell: () => void, signal: AbortSignal): void {
  watch(dirname(file), { signal }, (_, changed) => {
    if (changed === basename(file)) tell()
  })
}
