/** Lets at most so many calls run at the same time; the others wait in order. */
export function createGate(atOnceMax: number): <T>(call: () => Promise<T>) => Promise<T> {
  let running = 0
  const waiting: (() => void)[] = []
  return async (call) => {
    if (running >= atOnceMax) await new Promise<void>((resolve) => waiting.push(resolve))
    else running++
    try {
      return await call()
    } finally {
      // The place is handed on, so that no newcomer overtakes who waits.
      const next = waiting.shift()
      if (next === undefined) running--
      else next()
    }
  }
}
