import type { ClusterSettings } from '@reckon/domain'
import { OutageNotice } from '@reckon/eventing'
import { isRefusal, type Reason } from '@reckon/kubernetes'
import type { ApiPorts } from '../ports.ts'
import { type FoundingMemory, found } from './founding.ts'

const retryMs = 250

/** What a cluster is founded with. */
export type Founding = {
  /** The id of the cluster whose log this has to be; without, whichever it is. */
  cluster?: string
  /** Remembers that the cluster was founded; without, an empty log is always a new cluster. */
  memory?: FoundingMemory
  /** What a new cluster is founded with; an old one keeps its own. */
  settings: ClusterSettings
}

/** Resolves once the cluster is founded, or the signal aborts. */
export async function untilFounded(
  ports: ApiPorts,
  founding: Founding,
  signal: AbortSignal,
): Promise<void> {
  const notice = new OutageNotice(ports.logger, 'the cluster is not founded yet')
  while (!signal.aborted && !(await isFounded(ports, founding, notice))) {
    await ports.clock.sleep(retryMs, signal)
  }
}

/** Founds the cluster; false when that has to be tried again. */
async function isFounded(
  ports: ApiPorts,
  { cluster, memory, settings }: Founding,
  notice: OutageNotice,
): Promise<boolean> {
  try {
    const options = { ...(cluster && { named: cluster }), ...(memory && { memory }) }
    await found(ports, settings, options)
    notice.withdraw()
    return true
  } catch (error) {
    // The store may be away, or another api may be half-way through the same.
    const passing: readonly Reason[] = ['ServiceUnavailable', 'Timeout', 'Conflict']
    if (!isRefusal(error) || !passing.includes(error.reason)) throw error
    notice.give(error)
    return false
  }
}

export const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve()
    signal.addEventListener('abort', () => resolve(), { once: true })
  })
