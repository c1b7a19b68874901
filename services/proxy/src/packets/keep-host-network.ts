import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { Clock } from '@reckon/eventing/bus'
import { isBug } from '@reckon/process'

const settleEveryMs = 10_000
const gatherMs = 200

export type HostNetworkPorts = {
  clock: Clock
  /** The bridge whose ports are pods. */
  podBridge: string
  settle(): Promise<void>
  /** Settles what a new port of that bridge needs, and no more: settling all takes a dozen processes. */
  settlePorts(): Promise<void>
  onFailure(error: unknown): void
  /** Calls back with each of the kernel's messages on links and addresses, until the signal aborts. */
  watch?: typeof watchLinks
}

/**
 * Settles the host's network whenever the kernel tells of a changed link or address, and every ten
 * seconds for what it does not tell (an engine that rewrote its rules), until the signal aborts.
 */
export async function keepHostNetwork(ports: HostNetworkPorts, signal: AbortSignal): Promise<void> {
  const { clock, podBridge, watch = watchLinks } = ports
  let change = new AbortController()
  let wanted: Wanted = 'All'
  let settledAllAtMs = Number.NEGATIVE_INFINITY
  const changed = (message: string) => {
    const asked = wantedAfter(message, podBridge)
    if (asked === 'Nothing') return
    if (wanted !== 'All') wanted = asked
    change.abort()
  }
  const watching = watch(clock, changed, signal)
  while (!signal.aborted) {
    change = new AbortController()
    const sinceMs = clock.now() - settledAllAtMs
    // Below zero where the clock was set back.
    const isAll = wanted === 'All' || sinceMs < 0 || sinceMs >= settleEveryMs
    if (isAll) settledAllAtMs = clock.now()
    wanted = 'Nothing'
    try {
      await (isAll ? ports.settle() : ports.settlePorts())
    } catch (error) {
      if (isBug(error)) throw error
      ports.onFailure(error)
    }
    const restMs = settledAllAtMs + settleEveryMs - clock.now()
    const sleepMs = Math.min(settleEveryMs, Math.max(0, restMs))
    await clock.sleep(sleepMs, AbortSignal.any([signal, change.signal]))
    // One container's start is a burst of messages.
    await clock.sleep(gatherMs, signal)
  }
  await watching
}

type Wanted = 'Nothing' | 'Ports' | 'All'

/**
 * What is to be settled after one of the kernel's messages, as `ip monitor` prints it. Most are of the pairs of links of
 * containers that begin or end: these matter as a port of the pods' bridge alone.
 */
export function wantedAfter(message: string, podBridge: string): Wanted {
  if (!/^(Deleted )?\d+: veth/.test(message)) return 'All'
  return message.startsWith('Deleted') || !message.includes(` master ${podBridge} `)
    ? 'Nothing'
    : 'Ports'
}

/** Follows the kernel's messages on links and addresses, by `ip monitor`. */
async function watchLinks(
  clock: Clock,
  onMessage: (message: string) => void,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    await new Promise<void>((resolve) => {
      const monitor = spawn('ip', ['-o', 'monitor', 'link', 'address'], {
        stdio: ['ignore', 'pipe', 'ignore'],
      })
      const stop = () => monitor.kill()
      signal.addEventListener('abort', stop, { once: true })
      createInterface({ input: monitor.stdout }).on('line', onMessage)
      // Whatever ended it, the loop starts it again; meanwhile the ten seconds hold.
      monitor.on('error', () => resolve())
      monitor.on('close', () => {
        signal.removeEventListener('abort', stop)
        resolve()
      })
    })
    if (!signal.aborted) await clock.sleep(1_000, signal)
  }
}
