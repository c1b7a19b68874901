import { type Bus, type Clock, type Logger, untilFullSecondMs } from '@reckon/eventing/bus'
import {
  type Applied,
  type NodeKey,
  type NodeListener,
  type NodeSettings,
  nodeApplied,
  runNodeReader,
  SecretReader,
} from '@reckon/node-plane'
import { createMetrics, KeyFailures, type Metrics, runTogether } from '@reckon/process'
import type { OpenedDataplane } from './dataplane.ts'
import { EdgeCertificates } from './edge-certificates.ts'
import { FailedObjects } from './failed-objects.ts'
import { measured } from './measured-dataplane.ts'
import { Outputs } from './outputs.ts'
import { RefusalReporter } from './refusal-reporter.ts'
import { RoutingView } from './routing-view.ts'

export type { Dataplane } from './dataplane.ts'

export type ProxyConfiguration = {
  /** The node whose wire is followed. */
  node: string
  /** All nodes of this machine: their endpoints are local to it. */
  machineNodes: readonly string[]
}

/** A proxy's progress on the shared wire: what it has received, and what all its outputs have applied. */
export type ProxyStatus = {
  position: bigint | undefined
  applied: bigint | undefined
  failures: readonly string[]
  /** Failures of outputs that route nothing to pods. */
  troubles: readonly string[]
}

export type ProxyPorts = {
  bus: Bus
  clock: Clock
  log: Logger
  /** Sets up the outputs for the cluster that the node was told of. */
  openDataplane(settings: NodeSettings): Promise<OpenedDataplane>
  /** Called once, with a function that returns the status. */
  report(status: () => ProxyStatus): void
  onFailure(output: string, error: unknown): void
  /** The node's own key, once it exists; absent: certificates cannot be read here. */
  nodeKey?(signal: AbortSignal): Promise<NodeKey | undefined>
  metrics?: Metrics
}

/**
 * Applies the cluster's Services, endpoints and Ingresses to one machine's outputs, and publishes how far they are,
 * until the signal aborts. What is in effect then stays, so that running routes go on.
 */
export async function runProxy(
  ports: ProxyPorts,
  configuration: ProxyConfiguration,
  signal: AbortSignal,
): Promise<void> {
  const { bus, clock, log, openDataplane, onFailure, metrics = createMetrics() } = ports
  const { node } = configuration
  const reading = { bus, clock, log }
  const failedObjectsOf = (computation: string) =>
    new FailedObjects(new KeyFailures(computation, { logger: log, clock, metrics }))
  const certificates = new EdgeCertificates(() => {
    view.pairsChanged()
    wake()
  })
  const { tell: onRefused, forget: onForgotten } = new RefusalReporter(reading, node, signal)
  const parts = {
    services: failedObjectsOf('services'),
    hosts: failedObjectsOf('ingresses'),
    tls: failedObjectsOf('certificates'),
  }
  const view = new RoutingView(parts, certificates.pairOf)
  const founded = Promise.withResolvers<NodeSettings | undefined>()
  let outputs: Outputs | undefined
  let published: bigint | undefined
  let wake = () => {}

  const onApplied = () => {
    if (outputs?.applied() !== published) publishApplied()
  }

  function publishApplied(): void {
    published = outputs?.applied()
    if (published === undefined) return
    const message: Applied = { position: published.toString() }
    const data = new TextEncoder().encode(JSON.stringify(message))
    bus.publish(nodeApplied(node), data)
  }

  async function keepPublishing(ended: AbortSignal): Promise<void> {
    while (!ended.aborted) {
      publishApplied()
      await clock.sleep(untilFullSecondMs(clock.now()), ended)
    }
  }

  /** Messages that arrive together are one change: only the last state is computed. */
  async function offerNewest(ended: AbortSignal): Promise<void> {
    ended.addEventListener('abort', () => wake())
    while (!ended.aborted) {
      if (view.position !== undefined) outputs?.offer(view.position, view.routing())
      await new Promise<void>((resolve) => {
        wake = resolve
      })
    }
  }

  async function runOutputs(ended: AbortSignal): Promise<void> {
    ended.addEventListener('abort', () => founded.resolve(undefined), { once: true })
    const settings = await founded.promise
    if (settings === undefined) return
    const { keep, ...dataplane } = measured(await openDataplane(settings), { clock, metrics })
    outputs = new Outputs(
      { clock, dataplane, onApplied, onFailure, onRefused, onForgotten, failedObjectsOf },
      { ...settings, machineNodes: configuration.machineNodes },
      ended,
    )
    await runTogether(ended, [offerNewest, keepPublishing, ...(keep ? [keep] : [])])
  }

  const listener: NodeListener = {
    onState: ({ position, settings, objects }) => {
      founded.resolve(settings)
      view.replace(position, objects)
      wake()
    },
    onChanges: (position, changes) => {
      view.apply(position, changes)
      wake()
    },
  }

  ports.report(() => ({
    position: view.position,
    ...(outputs?.status() ?? { applied: undefined, failures: [], troubles: [] }),
  }))
  await runTogether(signal, [
    (ended) => runNodeReader(reading, { node, wire: 'Shared' }, listener, ended),
    (ended) => readCertificates(ports, { node, certificates }, ended),
    runOutputs,
  ])
}

/** Follows the Secrets that the node may know, as soon as it has a key to which they can be sealed. */
async function readCertificates(
  { bus, clock, log, nodeKey: keyOfNode }: ProxyPorts,
  { node, certificates }: { node: string; certificates: EdgeCertificates },
  signal: AbortSignal,
): Promise<void> {
  const nodeKey = await keyOfNode?.(signal)
  if (nodeKey === undefined) return
  const reading = { bus, clock, log }
  const reader = new SecretReader({ ...reading, nodeKey }, node, certificates)
  await runTogether(signal, [
    (ended) => runNodeReader(reading, { node, wire: 'Own' }, certificates.listener, ended),
    (ended) => reader.run(ended),
  ])
}
