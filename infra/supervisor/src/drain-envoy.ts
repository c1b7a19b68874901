import { request } from 'node:http'
import { setTimeout as after } from 'node:timers/promises'

/** So long Envoy takes new connections, each for one answer, once it is to drain. */
export const drainSeconds = 2
/** Who goes on for longer, as web sockets do, is ended. */
const drainMsMax = 8_000
const lookEveryMs = 50

/**
 * Has an Envoy answer what it was asked: its answers say that their connections end, and then it takes no new ones. Resolves
 * once nothing is under way, or after a while; at once where no Envoy answers on this admin socket.
 */
export async function drainEnvoy(adminSocket: string): Promise<void> {
  const ask = (method: string, path: string) => askEnvoy(adminSocket, method, path)
  if ((await ask('POST', '/drain_listeners?graceful')) === undefined) return
  const from = performance.now()
  for (;;) {
    const active = await ask('GET', '/stats?filter=^http.edge.downstream_(cx|rq)_active$')
    const passedMs = performance.now() - from
    if (active === undefined || passedMs > drainMsMax || countOf('cx', active) === 0) return
    if (passedMs > drainSeconds * 1000 && countOf('rq', active) === 0) return
    await after(lookEveryMs)
  }
}

const countOf = (what: 'cx' | 'rq', stats: string): number =>
  Number(new RegExp(`downstream_${what}_active: (\\d+)`).exec(stats)?.[1] ?? 0)

/** What Envoy says; undefined where it does not answer. */
function askEnvoy(socketPath: string, method: string, path: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    const asked = request({ socketPath, method, path, timeout: 1_000 }, (answer) => {
      let text = ''
      answer.setEncoding('utf8')
      answer.on('error', () => resolve(undefined))
      answer.on('data', (part: string) => {
        text += part
      })
      answer.on('end', () => resolve(answer.statusCode === 200 ? text : undefined))
    })
    asked.on('timeout', () => asked.destroy())
    asked.on('error', () => resolve(undefined))
    asked.end()
  })
}
