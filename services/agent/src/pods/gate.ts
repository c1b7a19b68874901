/** Runs a call as soon as there is a place for it; who has begun something before who only begins. */
export type Gate = <T>(call: () => Promise<T>, who: 'Begins' | 'GoesOn') => Promise<T>

/** Lets at most so many calls run at the same time; the others wait in order. */
export function createGate(atOnceMax: number): Gate {
  let running = 0
  const waiting: Record<'Begins' | 'GoesOn', (() => void)[]> = { Begins: [], GoesOn: [] }
  return async (call, who) => {
    if (running >= atOnceMax) await new Promise<void>((resolve) => waiting[who].push(resolve))
    else running++
    try {
      return await call()
    } finally {
      // The place is handed on, so that no newcomer overtakes who waits.
      const next = waiting.GoesOn.shift() ?? waiting.Begins.shift()
      if (next === undefined) running--
      else next()
    }
  }
}
