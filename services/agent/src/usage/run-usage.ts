import { nodeUsage } from '@reckon/node-plane'
import type { NodeContext } from '../node/node-context.ts'
import { readUsage } from './read-usage.ts'
import { type Reading, usageBetween } from './usage-between.ts'

/** As often as upstream's metrics-server asks. */
const tellEveryMs = 15_000
/** The machine's usage needs two readings: somebody who has just started a node need not wait for that. */
const secondReadingMs = 2_000

/**
 * Reads what the node and its pods use, and tells it: to whichever apis listen, and unrecorded. Until the signal
 * aborts.
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
