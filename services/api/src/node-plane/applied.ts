import { Alarm, type MalformedMessages, untilFullSecondMs } from '@reckon/eventing'
import {
  AppliedPositions,
  type LowestApplied,
  nodeApplied,
  parseApplied,
  sharedApplied,
  understood,
} from '@reckon/node-plane'
import type { ApiPorts } from '../ports.ts'

/** An api that has listened for less may not have heard every live proxy yet. */
const listenMsMin = 3_000

/**
 * Collects the position of the shared wire that each proxy has applied, and publishes the lowest to all nodes, each
 * second and when it changes, until the signal aborts.
 */
export async function publishApplied(
  { bus, clock }: ApiPorts,
  malformed: MalformedMessages,
  signal: AbortSignal,
): Promise<void> {
  const applied = new AppliedPositions()
  const alarm = new Alarm(clock)
  let reconnects = bus.reconnects
  let listeningSinceMs = clock.now()
  let published: bigint | undefined
  const end = bus.subscribe(nodeApplied('*'), (message) => {
    const position = understood(malformed, message, parseApplied)
    if (position === undefined) return
    applied.hear(message.subject, position, clock.now())
    if (applied.lowest() !== published) alarm.ring()
  })
  while (!signal.aborted) {
    const { rings } = alarm
    if (bus.reconnects !== reconnects) listeningSinceMs = clock.now()
    reconnects = bus.reconnects
    applied.expire(clock.now())
    if (clock.now() - listeningSinceMs >= listenMsMin) {
      published = applied.lowest()
      const lowest: LowestApplied = published === undefined ? {} : { position: String(published) }
      bus.publish(sharedApplied, new TextEncoder().encode(JSON.stringify(lowest)))
    }
    await alarm.wait(rings, { untilMs: clock.now() + untilFullSecondMs(clock.now()), signal })
  }
  end()
}
