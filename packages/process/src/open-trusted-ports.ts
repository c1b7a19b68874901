import type { Bus, Clock, Ids } from '@reckon/eventing'
import { type CreateReader, createReader, type EventLog, type OpenReader } from '@reckon/eventing'
import { openEventStore } from '@reckon/eventing/eventstore'
import type { FileSnapshotsOptions } from '@reckon/eventing/files'
import { connectBus } from '@reckon/eventing/nats'
import type { Values } from './configuration.ts'
import { keptOnMachine } from './kept-on-machine.ts'
import type { Logger } from './logger.ts'
import { measureReading } from './measure-reading.ts'
import { measuredLog } from './measured-log.ts'
import type { Metrics } from './metrics.ts'
import type { ProcessContext } from './run-process.ts'
import { systemClock, systemIds } from './system.ts'
import { wireAt, wireOptions } from './wire-options.ts'

/** The options of every service that may see the log. `user` is its name on NATS. */
export const trustedOptions = <const User extends string>(user: User) =>
  ({
    'event-store': { description: 'the connection string of the event store', secret: true },
    ...wireOptions,
    'nats-user': { description: 'the user on nats-server', default: user },
    'nats-password': { description: 'its password', secret: true },
    'data-dir': { description: 'the folder for snapshots of the view and segments of the log' },
  }) as const

/** The ports of a service that may see the log. */
export type TrustedPorts = {
  log: EventLog
  bus: Bus
  clock: Clock
  ids: Ids
  openReader: OpenReader
  logger: Logger
  metrics: Metrics
}

/** How to read and store views: by default from the wire, with only the newest snapshot. */
export type ReadingOptions = FileSnapshotsOptions & { create?: CreateReader }

/**
 * Opens the log and the wire; the process' health is that of the reader that is opened here. The store and NATS may
 * still be away.
 */
export async function openTrustedPorts(
  service: string,
  given: Values<ReturnType<typeof trustedOptions>>,
  { log: logger, health, metrics }: ProcessContext,
  { create = createReader, keep = 'Newest' }: ReadingOptions = {},
): Promise<TrustedPorts & { close(): Promise<void> }> {
  const store = await openEventStore(given['event-store'], { name: service })
  const log = measuredLog(store, { clock: systemClock, metrics })
  const bus = await connectBus({
    ...wireAt(given),
    user: given['nats-user'],
    password: given['nats-password'],
    name: service,
    logger,
  })
  const reading = { log, bus, clock: systemClock }
  const keptOf = keptOnMachine(service, given['data-dir'], { keep })
  const openReader: OpenReader = (projections) => {
    const reader = create(reading, projections, { ...keptOf(projections), logger })
    measureReading(metrics, { reader, bus })
    let ready = false
    void reader.ready.then(() => {
      ready = true
    })
    health.report(() => ({
      ready,
      ...(reader.position !== undefined && { position: String(reader.position) }),
      ...(reader.head !== undefined && { head: String(reader.head) }),
    }))
    return reader
  }
  const close = async () => {
    await bus.close()
    await log.close()
  }
  return { ...reading, ids: systemIds, openReader, logger, metrics, close }
}
