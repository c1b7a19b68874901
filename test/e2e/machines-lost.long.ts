import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, type TestContext, test } from 'node:test'
import { get, until } from './cluster.ts'
import { startLoad } from './ingress-load.ts'
import { JoinedCluster, reckonOn } from './joined-cluster.ts'
import { webAcross } from './web-across.ts'

const graceSeconds = 40
/** How many ask at a time: so many requests are in flight at most. */
const asking = { kept: 6, fresh: 6 }
let joined: JoinedCluster
before(async () => {
  const timeouts = ['--node-grace', `${graceSeconds}`, '--default-toleration', '1']
  joined = await JoinedCluster.open('lost', timeouts)
  for (const name of ['w1', 'w2']) await joined.join(name)
  // On each machine two.
  await joined.cluster.apply(webAcross(6))
  await rolledOut()
  await until('pods are on each machine', async () => (await placesOfWeb()).length === 3)
})
after(() => joined?.close())

const rolledOut = () =>
  joined.cluster.kubectl('rollout', 'status', 'deployment/web', '--timeout=120s')
const placesOfWeb = async () => [
  ...new Set((await joined.pods('app=web')).map(({ spec }) => spec.nodeName)),
]
const edgeOf = (name: string) => joined.addresses().get(name)?.edge ?? ''

/** Requests without a pause at the edge of that machine, until the test is over. */
async function loadAt(t: TestContext, name: string) {
  const url = edgeOf(name)
  await until(`the edge of ${name} answers`, async () => (await get(url, 'web.test')).code === 200)
  const load = startLoad({ url, host: 'web.test', methods: ['GET'], ...asking })
  t.after(() => load.end())
  await until('all are asking', () => load.heard.asked > 500)
  return load
}

test('a machine loses its power under load at another edge: what was in flight there fails, and nothing else', async (t) => {
  const load = await loadAt(t, 'w2')
  assert.deepEqual(load.heard.failures, [])
  const machine = joined.machine('w1')
  machine.setLink('down')
  await machine.cutPower()
  await until('w1 is given up', async () => !(await joined.isReady('w1')), 90_000)
  await until('its pods are elsewhere', async () => !(await placesOfWeb()).includes('w1'))
  await rolledOut()
  const { asked } = load.heard
  await until('requests go on', () => load.heard.asked > asked + 500)
  const { failures } = await load.end()
  t.diagnostic(`${load.heard.asked} requests, ${failures.length} failed: ${failures.join('; ')}`)
  assert.ok(failures.length <= asking.kept + asking.fresh, failures.join('\n'))

  await machine.start()
  machine.setLink('up')
  await reckonOn(machine, 'join', '--detach')
  await until('w1 is Ready again', () => joined.isReady('w1'))
  await joined.untilAsWanted()
})

test('a machine that is drained and stopped refuses new requests at its own edge, and breaks off none', async (t) => {
  await joined.cluster.kubectl('rollout', 'restart', 'deployment/web')
  await rolledOut()
  const machine = joined.machine('w1')
  const others = await loadAt(t, 'w2')
  const own = await loadAt(t, 'w1')
  await joined.cluster.kubectl('drain', 'w1', '--ignore-daemonsets', '--timeout=120s')
  assert.deepEqual(own.heard.failures, [])
  await reckonOn(machine, 'down')
  const { failures } = await own.end()
  const broken = failures.filter((failure) => !/ECONNREFUSED/.test(failure))
  assert.deepEqual(broken, [])
  assert.deepEqual((await others.end()).failures, [])
  const asked = [own, others].map(({ heard }) => heard.asked).join(' and ')
  t.diagnostic(`${asked} requests at its own edge and at another one`)
  await reckonOn(machine, 'join', '--detach')
  await until('w1 is Ready again', () => joined.isReady('w1'))
  await joined.cluster.kubectl('uncordon', 'w1')
  await joined.untilAsWanted()
})

test('a machine whose node was deleted comes back under its name by another token', async () => {
  const machine = joined.machine('w1')
  await joined.cluster.kubectl('delete', 'node', 'w1')
  await until('it is let in no more', async () => {
    const letIn = readFileSync(join(joined.cluster.dataDir, 'nats', 'joined-nodes.json'), 'utf8')
    return !letIn.includes('"w1"')
  })
  await reckonOn(machine, 'down')
  await reckonOn(machine, 'join', ...(await joined.joinLine()), '--detach')
  await until('w1 is Ready again', () => joined.isReady('w1').catch(() => false))
  await joined.untilAsWanted()
})
