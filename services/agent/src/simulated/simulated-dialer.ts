import type { Dialer } from '../runtime/dialer.ts'

/** Whatever is asked answers that it is well, unless a test says otherwise. */
export function createSimulatedDialer(): Dialer & { setStatus(status: number): void } {
  let answer = 200
  return {
    http: async () => answer,
    connect: async () => {
      if (answer !== 200) throw new Error('connection refused')
    },
    setStatus(status) {
      answer = status
    },
  }
}
