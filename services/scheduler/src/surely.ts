import { isRefusal } from '@reckon/kubernetes'
import { caughtUp } from '@reckon/process/trusted'
import type { TermPorts } from './ports.ts'

/**
 * Repeats a write with an unknown outcome: the same event may still arrive, and is recorded once. Throws `Timeout` when
 * the term ends before; undefined where the pod is gone meanwhile.
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
