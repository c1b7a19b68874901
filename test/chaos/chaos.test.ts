import assert from 'node:assert/strict'
import { test } from 'node:test'
import { checkHistory } from '../histories/check-history.ts'
import { loggedEvents } from '../histories/logged-event.ts'
import type { Operation } from '../histories/operation.ts'
import { Recorder } from '../histories/recorder.ts'
import { described } from '../histories/violation.ts'
import { Random } from '../simulation/random.ts'
import { LiveCluster } from './live-cluster.ts'
import { harass } from './nemesis.ts'
import { createTeam } from './team.ts'

const hostileMs = process.env.RECKON_TEST_LONG ? 600_000 : 45_000
/** Longer than the pause after which a watch at rest tells how far it is. */
const catchUpMsMax = 60_000
const shownMax = 5

test('whatever is killed: histories are linearizable, nothing acknowledged is missing, no refusal was untrue', async (t) => {
  const cluster = await LiveCluster.start()
  t.after(() => cluster.reset())
  const seed = Number(process.env.RECKON_TEST_SEED ?? Date.now() % 1_000_000)
  const random = new Random(seed)
  const recorder = new Recorder()
  const team = createTeam(cluster.layout.kubeconfig, recorder, random)
  t.after(() => team.close())

  const stop = new AbortController()
  const harassing = harass(cluster, random, AbortSignal.timeout(hostileMs))
  const [done] = await Promise.all([harassing.finally(() => stop.abort()), team.work(stop.signal)])
  await cluster.heal()
  await team.catchUp(catchUpMsMax)

  const { operations } = recorder
  t.diagnostic(`seed ${seed}; ${done.length} times harmed; ${countsOf(operations)}`)
  assert.deepEqual(await cluster.ownEnds(), [], 'no process ends but by a kill')
  const { judged, violations } = checkHistory(operations, loggedEvents(await cluster.readLog()))
  assert.equal(judged, operations.length)
  const shown = violations.slice(0, shownMax).map(described)
  assert.equal(violations.length, 0, [`${violations.length} violations`, ...shown].join('\n\n'))
})

/** How many requests were answered in which way. */
function countsOf(operations: readonly Operation[]): string {
  const byType = Object.groupBy(operations, ({ answer }) => answer?.type ?? 'Unknown')
  return Object.entries(byType)
    .map(([type, { length }]) => `${length} ${type}`)
    .join(', ')
}
