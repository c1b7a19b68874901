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
  /** Sets up only what new ports of that bridge need; setting up everything takes a dozen processes. */
  settlePorts(ports: readonly string[]): void
  onFailure(error: unknown): void
  /** Calls back with each of the kernel's messages about links and addresses, until the signal aborts. */
  watch?: typeof watchLinks
}

/**
 * Sets up the host's network again whenever the kernel reports a changed link or address, and every ten seconds for
 * what it does not report (an engine that rewrote its rules), until the signal aborts.
 */
export async function keepHostNetwork(ports: HostNetworkPorts, signal: AbortSignal): Promise<void> {
  const { clock, podBridge, watch = watchLinks } = ports
  let change = new AbortController()
  let isAllWanted = true
  // The kernel reports each port again once it is set up.
  const known = new Set<string>()
  let added: string[] = []
  let settledAllAtMs = Number.NEGATIVE_INFINITY
  let bridge: BridgeState | undefined
  const changed = (message: string) => {
    const state = bridgeStateIn(message, podBridge)
    if (state !== undefined && state === bridge) return
    bridge = state ?? bridge
    const link = linkIn(message, podBridge)
    if (link?.is === 'Gone') known.delete(link.name)
    if (link && (link.is !== 'Port' || known.has(link.name))) return
    if (link) {
      known.add(link.name)
      added.push(link.name)
    } else isAllWanted = true
    change.abort()
  }
  const watching = watch(clock, changed, signal)
  while (!signal.aborted) {
    change = new AbortController()
    const sinceMs = clock.now() - settledAllAtMs
    // Negative where the clock was set back.
    const isAll = isAllWanted || sinceMs < 0 || sinceMs >= settleEveryMs
    if (isAll) settledAllAtMs = clock.now()
    isAllWanted = false
    ports.settlePorts(added)
    added = []
    try {
      if (isAll) await ports.settle()
    } catch (error) {
      if (isBug(error)) throw error
      ports.onFailure(error)
    }
    const restMs = settledAllAtMs + settleEveryMs - clock.now()
    const sleepMs = Math.min(settleEveryMs, Math.max(0, restMs))
    await clock.sleep(sleepMs, AbortSignal.any([signal, change.signal]))
    // Starting one container causes a burst of messages.
    await clock.sleep(gatherMs, signal)
  }
  await watching
}

type BridgeState = 'Up' | 'Down' | 'Gone'

/**
 * How the pods' bridge is by one of the kernel's messages, which tells of it with each port that comes or goes, too.
 * Undefined where the message is about something else.
 */
export function bridgeStateIn(message: string, podBridge: string): BridgeState | undefined {
  const [, deleted, name, flags = ''] = /^(Deleted )?\d+: ([^@:\s]+): <([^>]*)>/.exec(message) ?? []
  if (name !== podBridge) return undefined
  if (deleted) return 'Gone'
  return isUp(flags) ? 'Up' : 'Down'
}

const isUp = (flags: string): boolean => flags.split(',').includes('UP')

/** A link of a container, as one of the kernel's messages tells of it. */
type ContainerLink = { name: string; is: 'Port' | 'Gone' | 'Elsewhere' }

/**
 * Parses a message of `ip monitor` about a container's link. Most messages are about these, and they matter only if
 * they concern a port of the pods' bridge. Undefined for other messages.
 */
export function linkIn(message: string, podBridge: string): ContainerLink | undefined {
  const [, deleted, name] = /^(Deleted )?\d+: (veth[^@:\s]*)/.exec(message) ?? []
  if (name === undefined) return undefined
  if (deleted) return { name, is: 'Gone' }
  // One that is not up may bear another name later.
  const [, flags = ''] = /<([^>]*)>/.exec(message) ?? []
  const isPort = isUp(flags) && message.includes(` master ${podBridge} `)
  return { name, is: isPort ? 'Port' : 'Elsewhere' }
}

/** Follows the kernel's messages about links and addresses, by `ip monitor`. */
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
      // Whatever ended it, the loop starts it again; meanwhile the ten-second check is enough.
      monitor.on('error', () => resolve())
      monitor.on('close', () => {
        signal.removeEventListener('abort', stop)
        resolve()
      })
    })
    if (!signal.aborted) await clock.sleep(1_000, signal)
  }
}
