import { setTimeout as after } from 'node:timers/promises'
import { askSocket } from '@reckon/process/ask-socket'
import { openConnections } from '../ports/open-connections.ts'
import { refuseConnections } from '../ports/refuse-connections.ts'
import type { ProcessSpec } from './process-spec.ts'

/** How long a draining Envoy goes on answering on existing connections; it closes ever more of them. */
export const drainSeconds = 2
/** Longer ones, such as WebSockets, are cut off. */
const drainMsMax = 8_000
const lookEveryMs = 50
const underWay = '/stats?filter=^http.edge.downstream_rq_active$'

/**
 * Drains an Envoy: new connections are refused, and its answers close their connections. Resolves once nothing is in
 * progress, or after a while, to a function that admits connections again; call it when that Envoy has ended. Resolves
 * at once if no Envoy answers on this admin socket.
 */
export async function drainEnvoy({
  adminSocket,
  ports,
}: NonNullable<ProcessSpec['handsOver']>): Promise<() => Promise<void>> {
  if ((await askSocket(adminSocket, underWay)) === undefined) return async () => {}
  // When it stops listening, Envoy resets connections that are not accepted yet, so none may be
  // waiting by then.
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
