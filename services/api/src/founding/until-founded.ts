import type { ClusterSettings } from '@reckon/domain'
import { OutageNotice } from '@reckon/eventing'
import { isRefusal, type Reason } from '@reckon/kubernetes'
import type { ApiPorts } from '../ports.ts'
import { type FoundingMemory, found } from './founding.ts'

const retryMs = 250

/** What a cluster is founded with. */
export type Founding = {
  /** The id that the log's cluster must have; absent: any. */
  cluster?: string
  /** Remembers that the cluster was founded; absent: an empty log always means a new cluster. */
  memory?: FoundingMemory
  /** The settings of a new cluster; an existing one keeps its own. */
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

/** Founds the cluster; false if this has to be retried. */
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
    // The store may be away, or another api may be founding the cluster at the same time.
    const passing: readonly Reason[] = ['ServiceUnavailable', 'Timeout', 'Conflict']
    if (!isRefusal(error) || !passing.includes(error.reason)) throw error
    notice.give(error)
    return false
  }
}
