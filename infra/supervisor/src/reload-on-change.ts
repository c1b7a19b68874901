import { watch } from 'node:fs'
import { basename, dirname } from 'node:path'

/** Has a process read its configuration again whenever the file is replaced, until the signal aborts. */
export function reloadOnChange(file: string, reload: () => void, signal: AbortSignal): void {
  watch(dirname(file), { signal }, (_, changed) => {
    if (changed === basename(file)) reload()
  })
}
