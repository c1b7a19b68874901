import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, before, type TestContext, test } from 'node:test'
import { get, openCluster, until } from './cluster.ts'
import { startLoad } from './ingress-load.ts'
import { JoinedCluster, reckonOf, reckonOn } from './joined-cluster.ts'
import { layEarlierReckon } from './laid-reckon.ts'
import type { Machine } from './machines.ts'
import { webAcross } from './web-across.ts'

/** What both machines run until they are upgraded. */
const earlier = process.env.RECKON_TEST_EARLIER ?? 'HEAD~50'
const folder = join(process.env.RECKON_E2E_FOLDER ?? '', 'earlier')
const name = 'upgrade'

let joined: JoinedCluster
let machine: Machine
let kubectl: (...args: string[]) => Promise<string>
before(async () => {
  layEarlierReckon(earlier, folder)
  joined = await JoinedCluster.open(name, [], folder)
  kubectl = joined.cluster.kubectl
  machine = await joined.join('w1', { folder })
  await joined.cluster.apply(webAcross(4))
  await rolledOut()
})
after(() => joined?.close())

const rolledOut = () => kubectl('rollout', 'status', 'deployment/web', '--timeout=120s')

async function podOn(node: string): Promise<string> {
  const pods = await joined.pods('app=web')
  const name = pods.find(({ spec }) => spec.nodeName === node)?.metadata.name
  assert.ok(name, `no pod is on ${node}`)
  return name
}

function loadAt(node: string) {
  const url = joined.addresses().get(node)?.edge ?? ''
  return startLoad({ url, host: 'web.test', methods: ['GET'], kept: 2, fresh: 2 })
}

/** Pods of a node are begun and ended, looked at and looked into, while its edge answers. */
async function works(node: string): Promise<void> {
  await until(`the edge of ${node} answers`, async () => {
    const url = joined.addresses().get(node)?.edge ?? ''
    return (await get(url, 'web.test')).code === 200
  })
  const load = loadAt(node)
  await kubectl('rollout', 'restart', 'deployment/web')
  await rolledOut()
  const pod = await podOn(node)
  assert.equal((await kubectl('exec', pod, '--', 'hostname')).trim(), pod)
  const token = 'cat /var/run/secrets/kubernetes.io/serviceaccount/token'
  assert.match(await kubectl('exec', pod, '--', 'sh', '-c', token), /^\S+\.\S+\.\S+$/)
  await kubectl('logs', pod)
  const { asked, failures } = await load.end()
  assert.deepEqual(failures, [], `of ${asked}`)
  await joined.untilAsWanted()
}

/**
 * One of the two is emptied, stopped and started by this Reckon; the other's edge answers whatever it is asked
 * meanwhile.
 */
async function upgraded(
  t: TestContext,
  { node, other }: { node: string; other: string },
  restart: () => Promise<unknown>,
): Promise<void> {
  const load = loadAt(other)
  t.after(() => load.end())
  await kubectl('drain', node, '--ignore-daemonsets', '--timeout=120s')
  await restart()
  await until(`${node} is Ready`, () => joined.isReady(node).catch(() => false))
  await kubectl('uncordon', node)
  const { asked, failures } = await load.end()
  assert.deepEqual(failures, [], `of ${asked}`)
}

test('a machine with this Reckon does in a cluster of an earlier one whatever it is told', async () => {
  await joined.join('w2')
  await works('w2')
  await joined.leave('w2')
})

test('the first machine is upgraded as is written, without a failed request at the edge of another', (t) =>
  upgraded(t, { node: 'node-1', other: 'w1' }, async () => {
    await (await openCluster(name, folder)).down()
    await joined.cluster.up()
  }))

test('a machine with an earlier Reckon does in a cluster of this one whatever it is told', () =>
  works('w1'))

test('it is upgraded as is written, without a failed request at the edge of the first, and goes on', async (t) => {
  await upgraded(t, { node: 'w1', other: 'node-1' }, async () => {
    await reckonOf(folder)(machine, 'down')
    await reckonOn(machine, 'join', '--detach')
  })
  await works('w1')
})
