import { isRefusal } from '@reckon/kubernetes'
import { caughtUp } from '@reckon/process/trusted'
import type { TermPorts } from './ports.ts'

/**
 * While the outcome is unknown only the same event again can tell: what was sent may still arrive, and is then recorded
 * once. `Timeout` when the term ends before; undefined where the pod is gone meanwhile, and nobody asks any more.
 */
export async function surely<T>(
  ports: Pick<TermPorts, 'reader' | 'clock'>,
  signal: AbortSignal,
  write: () => Promise<T>,
): Promise<T | undefined> {
  for (let unknown: unknown; ; ) {
    try {
      return await write()
    } catch (error) {
      if (isRefusal(error, 'Timeout')) unknown = error
      if (unknown !== undefined && isRefusal(error, 'NotFound')) return undefined
      const isOutage = error === unknown || isRefusal(error, 'ServiceUnavailable')
      if (unknown === undefined || !isOutage) throw error
      if (!(await caughtUp(ports, signal))) throw unknown
    }
  }
}
