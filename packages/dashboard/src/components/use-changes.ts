import type { Context } from '../context.ts'
import { useEffect, useState } from '../html.ts'
import type { LogMark } from '../moment/log-mark.ts'

/** Changes that come so close together are looked at once. */
const gatherMs = 150

/**
 * A number that is another whenever something was recorded that counts; the same for ever at a moment of the past.
 * `key` says what counts.
 */
export function useChanges(
  { log, at }: Pick<Context, 'log' | 'at'>,
  counts: (mark: LogMark) => boolean,
  key: string,
): number {
  const [tick, setTick] = useState(0)
  useEffect(() => {
    if (at !== undefined) return undefined
    let timer: ReturnType<typeof setTimeout> | undefined
    const end = log.subscribe((added) => {
      if (timer !== undefined || !added.some(counts)) return
      timer = setTimeout(() => {
        timer = undefined
        setTick((before) => before + 1)
      }, gatherMs)
    })
    return () => {
      end()
      clearTimeout(timer)
    }
  }, [log, at, key])
  return tick
}
