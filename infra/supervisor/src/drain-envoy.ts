import { setTimeout as after } from 'node:timers/promises'
import { askSocket } from '@reckon/process/ask-socket'

/** So long Envoy takes new connections, each for one answer, once it is to drain. */
export const drainSeconds = 2
/** Who goes on for longer, as web sockets do, is ended. */
const drainMsMax = 8_000
const lookEveryMs = 50
const underWay = '/stats?filter=^http.edge.downstream_(cx|rq)_active$'

/**
 * Has an Envoy answer what it was asked: its answers say that their connections end, and then it takes no new ones. Resolves
 * once nothing is under way, or after a while; at once where no Envoy answers on this admin socket.
 */
export async function drainEnvoy(adminSocket: string): Promise<void> {
  if ((await askSocket(adminSocket, '/drain_listeners?graceful', 'POST')) === undefined) return
  const from = performance.now()
  for (;;) {
    const active = await askSocket(adminSocket, underWay)
    const passedMs = performance.now() - from
    if (active === undefined || passedMs > drainMsMax || countOf('cx', active) === 0) return
    if (passedMs > drainSeconds * 1000 && countOf('rq', active) === 0) return
    await after(lookEveryMs)
  }
}

const countOf = (what: 'cx' | 'rq', stats: string): number =>
  Number(new RegExp(`downstream_${what}_active: (\\d+)`).exec(stats)?.[1] ?? 0)
