/** Runs a call as soon as there is a free place; calls of pods that have begun already go first. */
export type Gate = <T>(call: () => Promise<T>, who: 'Begins' | 'GoesOn') => Promise<T>

/** At most `atOnceMax` calls run at a time; the others wait in order. */
export function createGate(atOnceMax: number): Gate {
  let running = 0
  const waiting: Record<'Begins' | 'GoesOn', (() => void)[]> = { Begins: [], GoesOn: [] }
  return async (call, who) => {
    if (running >= atOnceMax) await new Promise<void>((resolve) => waiting[who].push(resolve))
    else running++
    try {
      return await call()
    } finally {
      // The place is passed on directly, so that nobody overtakes those who wait.
      const next = waiting.GoesOn.shift() ?? waiting.Begins.shift()
      if (next === undefined) running--
      else next()
    }
  }
}
