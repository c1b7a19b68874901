import type { Recorder } from '../histories/recorder.ts'
import { Client, type Send } from '../simulation/clients/client.ts'
import type { Random } from '../simulation/random.ts'
import { openHttpsApi } from './https-api.ts'
import { Watcher } from './watcher.ts'
import { scopes, work } from './worker.ts'

const workers = 5
const watchers = 3
/** How often a request uses a new connection, and so perhaps another api. */
const newConnection = 0.1

/** Eight clients of one cluster: some send requests, some watch. */
type Team = {
  /** Until the signal aborts. */
  work(signal: AbortSignal): Promise<void>
  /** Waits until every watcher has received everything, of a cluster at rest; throws where that takes too long. */
  catchUp(timeoutMs: number): Promise<void>
  close(): void
}

export function createTeam(kubeconfig: string, recorder: Recorder, random: Random): Team {
  const members = Array.from({ length: workers + watchers }, (_, nth) => {
    const api = openHttpsApi(kubeconfig)
    const send: Send = (wanted, userAgent) =>
      api.send(wanted, userAgent, random.chance(newConnection))
    return { api, client: new Client(`client-${nth}`, { recorder, send }) }
  })
  const following = scopes.map((scope, nth) => {
    const { client, api } = members[workers + (nth % watchers)] as (typeof members)[0]
    return new Watcher(client, scope, { api, recorder, random })
  })
  return {
    async work(signal) {
      await Promise.all([
        ...members.slice(0, workers).map(({ client }) => work(client, random, signal)),
        ...following.map((watcher) => watcher.run(signal)),
      ])
    },
    async catchUp(timeoutMs) {
      await Promise.all(following.map((watcher) => watcher.catchUp(timeoutMs)))
    },
    close() {
      for (const { api } of members) api.close()
    },
  }
}
