import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { until } from './cluster.ts'
import { layEarlierReckon } from './earlier-reckon.ts'
import { startLoad } from './ingress-load.ts'
import { JoinedCluster, reckonOf, reckonOn } from './joined-cluster.ts'
import type { Machine } from './machines.ts'
import { webAcross } from './web-across.ts'

/** What the machine that joins runs until it is upgraded. */
const earlier = process.env.RECKON_TEST_EARLIER ?? 'HEAD~50'
const folder = join(process.env.RECKON_E2E_FOLDER ?? '', 'earlier')

let joined: JoinedCluster
let machine: Machine
let kubectl: (...args: string[]) => Promise<string>
before(async () => {
  layEarlierReckon(earlier, folder)
  joined = await JoinedCluster.open('upgrade')
  kubectl = joined.cluster.kubectl
  machine = await joined.join('w1', { folder })
  await joined.cluster.apply(webAcross(4))
  await rolledOut()
})
after(() => joined?.close())

const rolledOut = () => kubectl('rollout', 'status', 'deployment/web', '--timeout=120s')

async function podOnW1(): Promise<string> {
  const pods = await joined.pods('app=web')
  const name = pods.find(({ spec }) => spec.nodeName === 'w1')?.metadata.name
  assert.ok(name, 'no pod is on w1')
  return name
}

/** Its pods are begun and ended, looked at and looked into, while its edge answers. */
async function works(): Promise<void> {
  const load = startLoad({
    ...{ url: joined.addresses().get('w1')?.edge ?? '', host: 'web.test' },
    ...{ methods: ['GET'], kept: 2, fresh: 2 },
  })
  await kubectl('rollout', 'restart', 'deployment/web')
  await rolledOut()
  const pod = await podOnW1()
  assert.equal((await kubectl('exec', pod, '--', 'hostname')).trim(), pod)
  const token = 'cat /var/run/secrets/kubernetes.io/serviceaccount/token'
  assert.match(await kubectl('exec', pod, '--', 'sh', '-c', token), /^\S+\.\S+\.\S+$/)
  await kubectl('logs', pod)
  const { asked, failures } = await load.end()
  assert.deepEqual(failures, [], `of ${asked}`)
  await joined.untilAsWanted()
}

test('a machine with an earlier Reckon does in a cluster of this one whatever it is told', works)

test('it is upgraded as is written, without a failed request at another edge, and goes on', async (t) => {
  const load = startLoad({
    ...{ url: joined.addresses().get('node-1')?.edge ?? '', host: 'web.test' },
    ...{ methods: ['GET'], kept: 2, fresh: 2 },
  })
  t.after(() => load.end())
  await kubectl('drain', 'w1', '--ignore-daemonsets', '--timeout=120s')
  await reckonOf(folder)(machine, 'down')
  await reckonOn(machine, 'join', '--detach')
  await until('w1 is Ready', () => joined.isReady('w1'))
  await kubectl('uncordon', 'w1')
  const { asked, failures } = await load.end()
  assert.deepEqual(failures, [], `of ${asked}`)
  await works()
})
