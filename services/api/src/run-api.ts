import { Objects } from '@reckon/domain'
import {
  aborted,
  keepIndex,
  type LogIndexStore,
  type OpenReader,
  Relay,
  type Vault,
} from '@reckon/eventing'
import { runTogether } from '@reckon/process'
import { WriterView } from '@reckon/writing'
import type { FastifyInstance } from 'fastify'
import { type Advertised, announce } from './announce.ts'
import { type ApiOptions, createApi } from './create-api.ts'
import { type Founding, untilFounded } from './founding/until-founded.ts'
import { describeWith } from './history/activity.ts'
import { serveNodes } from './node-plane/serve-nodes.ts'
import type { PastFolds } from './past/past-folds.ts'
import type { ApiPorts, NodePlanePorts } from './ports.ts'
import { refuseElsewhere } from './requests/refuse-elsewhere.ts'

/**
 * Everything that the api gets from outside. Without a vault it cannot read the values of Secrets, only that they
 * exist.
 */
export type RunPorts = Omit<ApiPorts, 'objects' | 'known' | 'reader' | 'pastFolds' | 'index'> & {
  /** Kept up to date with the log for as long as the api runs. */
  index?: LogIndexStore
  /** Opens a reader that follows the log itself, since the api feeds the wire. */
  openReader: OpenReader
  /** Opens lists of the past of this view. Absent: they are folded here, from the log alone. */
  pastFoldsOf?(objects: Objects): PastFolds
  vault?: Vault
  /** Begins to accept requests. */
  listen(app: FastifyInstance): Promise<void>
}

export type { ApiPorts } from './ports.ts'
export type ApiConfiguration = ApiOptions &
  Founding &
  Advertised & {
    /** The addresses of this machine under which others reach this api; absent: all. */
    reachedAt?: ReadonlySet<string>
  }

/**
 * Serves the API until the signal aborts; also keeps the view up to date with the log, relays the log to the wire, and
 * serves the nodes.
 */
export async function runApi(
  { openReader, pastFoldsOf, vault, listen, ...given }: RunPorts,
  configuration: ApiConfiguration,
  signal: AbortSignal,
): Promise<void> {
  const objects = new Objects(vault)
  const reader = openReader([objects])
  const relay = new Relay({ ...given, reader })
  const known = new WriterView(objects)
  objects.folded = known.folded
  const own = { objects, known, reader, relay }
  const pastFolds = pastFoldsOf?.(objects)
  const ports: NodePlanePorts = { ...given, ...own, ...(pastFolds && { pastFolds }) }
  // It must subscribe before the view changes.
  const app = createApi(ports, configuration)
  const { reachedAt } = configuration
  if (reachedAt) refuseElsewhere(app.server, objects, reachedAt)
  try {
    await listen(app)
    await runTogether(signal, [
      (ended) => ports.reader.run(ended),
      (ended) => relay.run(ended),
      (ended) => keepIndexed(ports, given.index, ended),
      (ended) => serveFounded(ports, configuration, ended),
    ])
  } finally {
    await app.close()
  }
}

/** Keeps the index up to date with the log, where there is one. */
async function keepIndexed(ports: ApiPorts, store: LogIndexStore | undefined, signal: AbortSignal) {
  if (store === undefined) return aborted(signal)
  const describe = describeWith(ports.objects.resources)
  await keepIndex({ ...ports, index: store, describe }, signal)
  return aborted(signal)
}

/** Founds the cluster if needed, then serves the nodes and announces this api. */
async function serveFounded(
  ports: NodePlanePorts,
  configuration: ApiConfiguration,
  signal: AbortSignal,
): Promise<void> {
  await Promise.race([ports.reader.ready, aborted(signal)])
  await untilFounded(ports, configuration, signal)
  if (signal.aborted) return
  await runTogether(signal, [
    (ended) => serveNodes(ports, ended),
    (ended) => announce(ports, configuration, ended),
  ])
}
