import { useEffect, useLayoutEffect, useRef, useState } from '../html.ts'
import { type Refusal, refusalOf } from '../reading/read.ts'

/** What was asked for, once it is there; or why it is not. What was there before stays until then. */
export type Answer<T> = {
  readonly value?: T
  readonly refusal?: Refusal
  /** Which question this answers. */
  readonly key?: string
}

/**
 * Asks when the key is another, which ends what was asked before; and again at each tick, one question at a time: ticks
 * that come meanwhile are one.
 */
export function useAnswer<T>(
  load: (signal: AbortSignal) => Promise<T>,
  key: string,
  tick = 0,
): Answer<T> {
  const [answer, setAnswer] = useState<Answer<T>>({})
  const newest = useRef(load)
  newest.current = load
  const again = useRef(() => {})
  const askedAt = useRef(tick)
  // Before anything is painted: the sooner it is asked, the sooner it is there.
  useLayoutEffect(() => {
    const ended = new AbortController()
    const ask = () =>
      newest.current(ended.signal).then(
        (value) => !ended.signal.aborted && setAnswer({ value, key }),
        (error: unknown) => {
          if (ended.signal.aborted) return
          const refusal = refusalOf(error)
          setAnswer((before) => ({ ...(before.key === key && before), refusal, key }))
        },
      )
    again.current = oneAtATime(ask)
    askedAt.current = tick
    again.current()
    return () => ended.abort()
  }, [key])
  useEffect(() => {
    if (tick === askedAt.current) return
    askedAt.current = tick
    again.current()
  }, [tick])
  return answer
}

function oneAtATime(ask: () => Promise<unknown>): () => void {
  let isBusy = false
  let isWanted = false
  const run = () => {
    isWanted = isBusy
    if (isBusy) return
    isBusy = true
    void ask().finally(() => {
      isBusy = false
      if (isWanted) run()
    })
  }
  return run
}
