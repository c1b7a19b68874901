import { setTimeout as after } from 'node:timers/promises'
import { askSocket } from '@reckon/process/ask-socket'
import { openConnections } from '../ports/open-connections.ts'
import { refuseConnections } from '../ports/refuse-connections.ts'
import type { ProcessSpec } from './process-spec.ts'

/** So long Envoy answers on connections that it has, once it is to drain, ever more of them for the last time. */
export const drainSeconds = 2
/** Who goes on for longer, as web sockets do, is ended. */
const drainMsMax = 8_000
const lookEveryMs = 50
const underWay = '/stats?filter=^http.edge.downstream_rq_active$'

/**
 * Has an Envoy answer what it was asked: new connections are refused, and its answers say that theirs end. Resolves
 * once nothing is under way, or after a while, to what lets connections in again, which is to be done when that Envoy
 * has ended. At once where none answers on this admin socket.
 */
export async function drainEnvoy({
  adminSocket,
  ports,
}: NonNullable<ProcessSpec['handsOver']>): Promise<() => Promise<void>> {
  if ((await askSocket(adminSocket, underWay)) === undefined) return async () => {}
  // Envoy resets whatever waits to be taken when it listens no more, so that nothing may wait by then.
  const letIn = await refuseConnections(ports)
  await askSocket(adminSocket, '/drain_listeners?graceful', 'POST')
  const from = performance.now()
  for (;;) {
    const open = await openConnections(ports)
    const active = await askSocket(adminSocket, underWay)
    const passedMs = performance.now() - from
    if (active === undefined || passedMs > drainMsMax || open === 0) return letIn
    if (passedMs > drainSeconds * 1000 && requestsIn(active) === 0) return letIn
    await after(lookEveryMs)
  }
}

const requestsIn = (stats: string): number =>
  Number(/downstream_rq_active: (\d+)/.exec(stats)?.[1] ?? 0)
