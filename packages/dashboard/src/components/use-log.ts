import { useEffect, useState } from '../html.ts'
import { LogTail } from '../model/log-tail.ts'
import type { Reading, Refusal } from '../reading/read.ts'
import { readAnew } from '../reading/read-anew.ts'

/** So many lines are kept on the page. */
const linesMax = 2_000
/** What comes so close together is drawn at once. */
const gatherMs = 100

type ShownLog = { readonly lines: readonly string[]; readonly refusal?: Refusal }

/** The lines of a log as they come, from an address that may answer without end. */
export function useLog(reading: Reading, path: string): ShownLog {
  const [shown, setShown] = useState<ShownLog>({ lines: [] })
  useEffect(() => {
    const ended = new AbortController()
    let tail = new LogTail(linesMax)
    let timer: ReturnType<typeof setTimeout> | undefined
    const show = (refusal?: Refusal) => {
      clearTimeout(timer)
      timer = undefined
      if (!ended.signal.aborted) setShown({ lines: tail.lines, ...(refusal && { refusal }) })
    }
    const read = async () => {
      tail = new LogTail(linesMax)
      for await (const part of reading.texts(path, ended.signal)) {
        tail.add(part)
        timer ??= setTimeout(show, gatherMs)
      }
    }
    setShown({ lines: [] })
    void readAnew(ended.signal, read, (refusal) => {
      if (refusal) show(refusal)
      // A log that ends is told, and one that is refused will be refused again: only what broke off goes on.
      return refusal?.code === 0
    })
    return () => {
      clearTimeout(timer)
      ended.abort()
    }
  }, [path])
  return shown
}
