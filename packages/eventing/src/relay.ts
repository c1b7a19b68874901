import type { Bus } from './bus.ts'
import type { Clock } from './clock.ts'
import type { EventLog } from './event-log.ts'
import { type Logger, silent } from './logger.ts'
import { isOutage } from './outage.ts'
import { OutageNotice } from './outage-notice.ts'
import { eventsHead } from './wire.ts'
import { encodeHead, encodeWireEvent } from './wire-event.ts'

export type RelayOptions = { signal: AbortSignal; logger?: Logger }

const headEveryMs = 1000
const retryMs = 250
/** After so many events the relay waits until the wire has taken them. */
const burst = 1000

/**
 * Publishes every event of the log on the trusted services' wire, from the head of the log on, and every second the
 * position of the last one. Any number may run: readers drop what repeats. Runs until the signal aborts.
 */
export async function runRelay(
  ports: { log: EventLog; bus: Bus; clock: Clock },
  options: RelayOptions,
): Promise<void> {
  const { log, bus, clock } = ports
  const { signal, logger = silent } = options
  let last: bigint | undefined
  let started = false
  const notice = new OutageNotice(logger, 'the relay waits for the event store')

  const relay = async (): Promise<void> => {
    if (!started) {
      last = await log.head()
      started = true
    }
    let count = 0
    for await (const next of log.follow(last, signal)) {
      notice.withdraw()
      if ('caughtUp' in next) continue
      const { subject, data, headers } = encodeWireEvent(next, last, bus.payloadBytesMax)
      bus.publish(subject, data, headers)
      last = next.position
      // A wire that is away drops all the same: readers repair.
      if (++count % burst === 0 && bus.connected) await bus.flush().catch(rethrowUnlessOutage)
    }
  }

  const publishHeads = async (): Promise<void> => {
    while (!signal.aborted) {
      if (started) bus.publish(eventsHead, encodeHead(last))
      await clock.sleep(headEveryMs, signal)
    }
  }

  const relayOn = async (): Promise<void> => {
    while (!signal.aborted) {
      try {
        await relay()
      } catch (error) {
        rethrowUnlessOutage(error)
        notice.give(error)
        await clock.sleep(retryMs, signal)
      }
    }
  }

  await Promise.all([relayOn(), publishHeads()])
}

function rethrowUnlessOutage(error: unknown): void {
  if (!isOutage(error)) throw error
}
