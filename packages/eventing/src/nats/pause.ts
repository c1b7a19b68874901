import { onAbort } from '../on-abort.ts'

/** Resolves after `ms`, or at once when the signal aborts. */
export const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) return resolve()
    const end = (): void => {
      clearTimeout(timer)
      callOff()
      resolve()
    }
    const timer = setTimeout(end, ms)
    const callOff = onAbort(signal, end)
  })
