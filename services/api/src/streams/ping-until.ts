import type { Clock } from '@reckon/eventing'

const pingMs = 10_000

/** Asks whether the client lives: one that is gone while it is not read is found out only by what is said to it. */
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
