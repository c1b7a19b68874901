import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { Clock } from '@reckon/eventing/bus'
import { isBug } from '@reckon/process'

const settleEveryMs = 10_000
const gatherMs = 200

/**
 * Settles the host's network whenever the kernel tells of a changed link or address, and every ten
 * seconds for what it does not tell (an engine that rewrote its rules), until the signal aborts.
 */
export async function keepHostNetwork(
  ports: { clock: Clock; settle(): Promise<void>; onFailure(error: unknown): void },
  signal: AbortSignal,
): Promise<void> {
  let changed = () => {}
  const watching = watchLinks(ports.clock, () => changed(), signal)
  while (!signal.aborted) {
    const change = new AbortController()
    changed = () => change.abort()
    try {
      await ports.settle()
    } catch (error) {
      if (isBug(error)) throw error
      ports.onFailure(error)
    }
    await ports.clock.sleep(settleEveryMs, AbortSignal.any([signal, change.signal]))
    // One container's start is a burst of messages.
    await ports.clock.sleep(gatherMs, signal)
  }
  await watching
}

/** Follows the kernel's messages on links and addresses, by `ip monitor`. */
async function watchLinks(clock: Clock, onChange: () => void, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await new Promise<void>((resolve) => {
      const monitor = spawn('ip', ['-o', 'monitor', 'link', 'address'], {
        stdio: ['ignore', 'pipe', 'ignore'],
      })
      const stop = () => monitor.kill()
      signal.addEventListener('abort', stop, { once: true })
      createInterface({ input: monitor.stdout }).on('line', onChange)
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
