import { nodeUsage } from '@reckon/node-plane'
import type { NodeContext } from '../node/node-context.ts'
import { readUsage } from './read-usage.ts'
import { type Reading, usageBetween } from './usage-between.ts'

/** The interval of upstream's metrics-server. */
const tellEveryMs = 15_000
/** CPU usage needs two readings: the second one comes early, so that a new node reports soon. */
const secondReadingMs = 2_000

/**
 * Measures the usage of the node and its pods, and publishes it to all apis that listen, unrecorded. Runs until the
 * signal aborts.
 */
export async function runUsage(
  { ports, configuration }: NodeContext,
  signal: AbortSignal,
): Promise<void> {
  const { runtime, bus, clock } = ports
  let before: Reading | undefined
  while (!signal.aborted) {
    const usage = await readUsage(runtime)
    const now = usage && { ...usage, readAtMs: clock.now() }
    if (now !== undefined) {
      const text = JSON.stringify(usageBetween(before, now))
      bus.publish(nodeUsage(configuration.nodeName), new TextEncoder().encode(text))
    }
    const isFirst = before === undefined && now !== undefined
    before = now
    await clock.sleep(isFirst ? secondReadingMs : tellEveryMs, signal)
  }
}
