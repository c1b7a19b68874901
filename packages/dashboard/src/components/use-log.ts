import { useEffect, useState } from '../html.ts'
import { LogTail } from '../model/log-tail.ts'
import { type Reading, type Refusal, refusalOf } from '../reading/read.ts'

/** So many lines are kept on the page. */
const linesMax = 2_000
/** What comes so close together is drawn at once. */
const gatherMs = 100
/** So long after the API was out of reach a log is read anew. */
const pauseMs = 2_000

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
      for await (const part of reading.texts(path, ended.signal)) {
        tail.add(part)
        timer ??= setTimeout(show, gatherMs)
      }
    }
    const follow = async () => {
      while (!ended.signal.aborted) {
        const refusal = await read().then(() => undefined, refusalOf)
        if (refusal) show(refusal)
        if (refusal?.code !== 0) return
        await new Promise((resolve) => setTimeout(resolve, pauseMs))
        tail = new LogTail(linesMax)
      }
    }
    setShown({ lines: [] })
    void follow()
    return () => {
      clearTimeout(timer)
      ended.abort()
    }
  }, [path])
  return shown
}
