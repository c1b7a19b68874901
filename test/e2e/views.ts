import assert from 'node:assert/strict'
import { healthOf, layoutOf } from '@reckon/supervisor'

const services = ['api', 'scheduler', 'replicator']
const pollMs = 20

/** The positions of the services' views, as each reports them. */
export async function positions(dataDir: string): Promise<bigint[]> {
  const layout = layoutOf(dataDir)
  return Promise.all(
    services.map(async (name) => {
      const health = await healthOf(layout.healthSocket(name))
      assert.ok(health?.position, `${name} tells its position`)
      return BigInt(health.position)
    }),
  )
}

/** Waits until every view has reached a position; returns how long that took. */
export async function untilViewsReach(
  dataDir: string,
  position: bigint,
  timeoutMs: number,
): Promise<number> {
  const startedAt = performance.now()
  for (;;) {
    const reached = await positions(dataDir)
    const ms = performance.now() - startedAt
    if (reached.every((each) => each >= position)) return ms
    assert.ok(
      ms < timeoutMs,
      `after ${timeoutMs} ms ${services} are at ${reached}, not ${position}`,
    )
    await new Promise((resolve) => setTimeout(resolve, pollMs))
  }
}

/** Waits until nothing has been recorded for a while; returns the position that all views then have. */
export async function untilQuiet(dataDir: string, quietMs = 2000): Promise<bigint> {
  let last: string | undefined
  let since = performance.now()
  for (const endAt = since + 60_000; performance.now() < endAt; ) {
    const now = await positions(dataDir)
    if (String(now) !== last) since = performance.now()
    last = String(now)
    const [position] = now
    if (performance.now() - since > quietMs && new Set(now).size === 1) return position as bigint
    await new Promise((resolve) => setTimeout(resolve, pollMs * 5))
  }
  throw new Error(`the cluster did not come to rest; its views are at ${last}`)
}
