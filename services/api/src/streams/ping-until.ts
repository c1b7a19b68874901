import type { Clock } from '@reckon/eventing'

const pingMs = 10_000

/** Pings the client regularly: while nothing is read from it, only writing reveals that it has gone. */
export async function pingUntil(
  ended: AbortSignal,
  client: { ping(): void },
  clock: Clock,
): Promise<void> {
  while (!ended.aborted) {
    client.ping()
    await clock.sleep(pingMs, ended)
  }
}
