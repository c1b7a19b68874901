import { type ClusterSettings, NodeKnowledge } from '@reckon/domain'
import { OutageNotice, runRelay } from '@reckon/eventing'
import { isRefusal, type Reason } from '@reckon/kubernetes'
import { createApi, type Tls } from './create-api.ts'
import { type FoundingMemory, found } from './founding.ts'
import { ensureKubernetesService, isOfKubernetesService } from './kubernetes-service.ts'
import { answerReads } from './node-plane/read.ts'
import { answerReports } from './node-plane/reports.ts'
import { publishNodeWires } from './node-plane/wire.ts'
import type { ApiPorts } from './ports.ts'

export { createApi, type Tls } from './create-api.ts'
export type { ApiPorts } from './ports.ts'

const retryMs = 250

export type ApiConfiguration = {
  host: string
  port: number
  tls?: Tls
  /** The id of the cluster whose log this has to be; without, whichever it is. */
  cluster?: string
  /** Remembers that the cluster was founded; without, an empty log is always a new cluster. */
  memory?: FoundingMemory
  /** What a new cluster is founded with; an old one keeps its own. */
  settings: ClusterSettings
  /** The address under which pods reach this api; the Service `kubernetes` leads there. */
  advertise: string
}

type Founding = Omit<ApiConfiguration, 'host' | 'tls'>

/** Serves the API on the network until the signal aborts. */
export async function runApi(
  ports: ApiPorts,
  configuration: ApiConfiguration,
  signal: AbortSignal,
): Promise<void> {
  const app = createApi(ports, configuration)
  try {
    await app.listen({ host: configuration.host, port: configuration.port })
    await runLoops(ports, configuration, signal)
  } finally {
    await app.close()
  }
}

/**
 * What an api does besides answering requests, until the signal aborts: keeps the view up to the log, relays the log to
 * the wire, and speaks with the nodes. To be started after `createApi`, which watches the view from its beginning.
 */
export async function runLoops(
  ports: ApiPorts,
  configuration: Founding,
  signal: AbortSignal,
): Promise<void> {
  const failed = new AbortController()
  const ended = AbortSignal.any([signal, failed.signal])
  const running = (loop: Promise<void>) =>
    loop.catch((error: unknown) => {
      failed.abort()
      throw error
    })
  await Promise.all([
    running(ports.reader.run(ended)),
    running(runRelay(ports, { signal: ended, logger: ports.logger })),
    running(serveNodes(ports, configuration, ended)),
  ])
}

/** Founds what is missing, then serves the nodes. */
async function serveNodes(
  ports: ApiPorts,
  configuration: Founding,
  signal: AbortSignal,
): Promise<void> {
  await Promise.race([ports.reader.ready, aborted(signal)])
  await untilFounded(ports, configuration, signal)
  if (signal.aborted) return
  const knowledge = new NodeKnowledge(ports.objects)
  const ends = [answerReads(ports, knowledge), answerReports(ports)]
  await Promise.all([
    publishNodeWires(ports, knowledge, signal),
    keepFounded(ports, configuration, signal),
  ])
  for (const end of ends) end()
}

/** Makes the Service `kubernetes` and its endpoints again when somebody deletes them, as upstream does. */
async function keepFounded(
  ports: ApiPorts,
  configuration: Founding,
  signal: AbortSignal,
): Promise<void> {
  let deleted = Promise.withResolvers<void>()
  const unsubscribe = ports.objects.subscribe(({ type, stored }) => {
    if (type === 'DELETED' && isOfKubernetesService(stored.object)) deleted.resolve()
  })
  while (!signal.aborted) {
    await Promise.race([deleted.promise, aborted(signal)])
    deleted = Promise.withResolvers()
    await untilFounded(ports, configuration, signal)
  }
  unsubscribe()
}

async function untilFounded(
  ports: ApiPorts,
  configuration: Founding,
  signal: AbortSignal,
): Promise<void> {
  const notice = new OutageNotice(ports.logger, 'what every cluster has is not there yet')
  while (!signal.aborted && !(await isFounded(ports, configuration, notice))) {
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
    await found(ports, settings, { ...(cluster && { named: cluster }), ...(memory && { memory }) })
    await ensureKubernetesService(ports, { address: advertise, port })
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

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve()
    signal.addEventListener('abort', () => resolve(), { once: true })
  })
