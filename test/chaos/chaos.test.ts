import assert from 'node:assert/strict'
import { test } from 'node:test'
import { checkHistory } from '../histories/check-history.ts'
import { loggedEvents } from '../histories/logged-event.ts'
import { Recorder } from '../histories/recorder.ts'
import { described } from '../histories/violation.ts'
import { Client } from '../simulation/clients/client.ts'
import { Random } from '../simulation/random.ts'
import { openHttpsApi } from './https-api.ts'
import { LiveCluster } from './live-cluster.ts'
import { harass } from './nemesis.ts'
import { Watcher } from './watcher.ts'
import { scopes, work } from './worker.ts'

const hostileMs = process.env.RECKON_TEST_LONG ? 600_000 : 45_000
const workers = 5
const watchers = 3
/** Longer than the pause after which a watch at rest tells how far it is. */
const catchUpMsMax = 60_000
const newConnection = 0.1
const shownMax = 5

test('whatever is killed: histories are linearizable, nothing acknowledged is missing, no refusal was untrue', async (t) => {
  const cluster = await LiveCluster.start()
  t.after(() => cluster.reset())
  const seed = Number(process.env.RECKON_TEST_SEED ?? Date.now() % 1_000_000)
  const random = new Random(seed)
  const recorder = new Recorder()
  const api = openHttpsApi(cluster.layout.kubeconfig)
  t.after(() => api.close())
  const clients = Array.from({ length: workers + watchers }, (_, nth) => {
    const own = openHttpsApi(cluster.layout.kubeconfig)
    t.after(() => own.close())
    return new Client(`client-${nth}`, {
      recorder,
      send: (wanted, userAgent) => own.send(wanted, userAgent, random.chance(newConnection)),
    })
  })
  const following = clients
    .slice(workers)
    .flatMap((client, nth) =>
      scopes
        .filter((_, index) => index % watchers === nth)
        .map((scope) => new Watcher(client, scope, { api, recorder, random })),
    )

  const stop = new AbortController()
  const working = [
    ...clients.slice(0, workers).map((client) => work(client, random, stop.signal)),
    ...following.map((watcher) => watcher.run(stop.signal)),
  ]
  const done = await harass(cluster, random, AbortSignal.timeout(hostileMs))
  stop.abort()
  await Promise.all(working)
  await cluster.heal()
  await Promise.all(following.map((watcher) => watcher.catchUp(catchUpMsMax)))

  assert.deepEqual(await cluster.ownEnds(), [], 'no process ends but by a kill')
  const { operations } = recorder
  const { judged, violations } = checkHistory(operations, loggedEvents(await cluster.readLog()))
  const counts: Record<string, number> = {}
  for (const { answer } of operations) {
    const type = answer?.type ?? 'Unknown'
    counts[type] = (counts[type] ?? 0) + 1
  }
  t.diagnostic(`seed ${seed}; ${done.length} times harmed; ${JSON.stringify(counts)}`)
  assert.equal(judged, operations.length)
  const shown = violations.slice(0, shownMax).map(described)
  assert.equal(violations.length, 0, [`${violations.length} violations`, ...shown].join('\n\n'))
})
