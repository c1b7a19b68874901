import type { ClusterSettings } from '@reckon/domain'
import { OutageNotice } from '@reckon/eventing'
import { firstAddress, isRefusal, type Reason } from '@reckon/kubernetes'
import type { ApiPorts } from '../ports.ts'
import { type FoundingMemory, found } from './founding.ts'
import { ensureKubernetesService, isOfKubernetesService } from './kubernetes-service.ts'

const retryMs = 250

/** What a cluster is founded with, and where its api is. */
export type Founding = {
  /** The id of the cluster whose log this has to be; without, whichever it is. */
  cluster?: string
  /** Remembers that the cluster was founded; without, an empty log is always a new cluster. */
  memory?: FoundingMemory
  /** What a new cluster is founded with; an old one keeps its own. */
  settings: ClusterSettings
  /**
   * The address under which pods reach this api, where the Service `kubernetes` leads; by default the first one of the
   * pods' range, which their bridge has on this machine.
   */
  advertise?: string
  port: number
}

/** Makes the Service `kubernetes` and its endpoints again when somebody deletes them, as upstream does. */
export async function keepFounded(
  ports: ApiPorts,
  founding: Founding,
  signal: AbortSignal,
): Promise<void> {
  let deleted = Promise.withResolvers<void>()
  const unsubscribe = ports.objects.subscribe(({ type, stored }) => {
    if (type === 'DELETED' && isOfKubernetesService(stored.object)) deleted.resolve()
  })
  while (!signal.aborted) {
    await Promise.race([deleted.promise, aborted(signal)])
    deleted = Promise.withResolvers()
    await untilFounded(ports, founding, signal)
  }
  unsubscribe()
}

/** Resolves once there is what every cluster has, or the signal aborts. */
export async function untilFounded(
  ports: ApiPorts,
  founding: Founding,
  signal: AbortSignal,
): Promise<void> {
  const notice = new OutageNotice(ports.logger, 'what every cluster has is not there yet')
  while (!signal.aborted && !(await isFounded(ports, founding, notice))) {
    await ports.clock.sleep(retryMs, signal)
  }
}

/** Makes what every cluster has; false when that has to be tried again. */
async function isFounded(
  ports: ApiPorts,
  { cluster, memory, settings, advertise, port }: Founding,
  notice: OutageNotice,
): Promise<boolean> {
  try {
    const options = { ...(cluster && { named: cluster }), ...(memory && { memory }) }
    const founded = await found(ports, settings, options)
    const address = advertise ?? firstAddress(founded.settings.clusterCidr)
    await ensureKubernetesService(ports, { address, port })
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
