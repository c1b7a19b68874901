import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { type NatsServer, natsServer } from '../contract/nats-server.ts'
import { openApi } from './ask-api.ts'
import { openCluster, type TestCluster, until } from './cluster.ts'
import { assertEqualsFreshFold } from './fresh-fold.ts'
import { untilQuiet, untilViewsReach } from './views.ts'
import { type WireProxy, wireProxy } from './wire-proxy.ts'

const isLong = process.env.RECKON_TEST_LONG === '1'
/** What happens without the wire: so long, and so many changes by each writer. */
const outageMs = isLong ? 600_000 : 0
const changesEach = isLong ? 3000 : 250
const writersCount = 8
/** A lost message is noticed by the next `head`, a second later; the rest is this machine's. */
const noticedMsMax = 2000
const caughtUpMsMax = 5000

let nats: NatsServer
let proxy: WireProxy
let cluster: TestCluster
let api: ReturnType<typeof openApi>
before(async () => {
  nats = await natsServer()
  await nats.start()
  proxy = await wireProxy(nats.url)
  cluster = await openCluster('wire')
  await cluster.up('--runtime', 'simulated', '--nodes', '3', '--nats', proxy.url)
  api = openApi(cluster.dataDir)
})
after(async () => {
  api?.close()
  nats?.signal('SIGCONT')
  try {
    await cluster?.reset()
  } finally {
    await proxy?.close()
    await nats?.kill()
  }
})

const configMaps = '/api/v1/namespaces/default/configmaps'
const configMap = (name: string, data: Record<string, string> = {}) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name },
  data,
})
const pod = (name: string) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name },
  spec: { containers: [{ name: 'c', image: 'busybox' }] },
})
type Written = { metadata: { resourceVersion: string } }

/** Creates an object; answers its position. */
async function create(path: string, object: object): Promise<bigint> {
  const { code, body } = await api.ask('POST', path, object)
  assert.equal(code, 201, body)
  return BigInt((JSON.parse(body) as Written).metadata.resourceVersion)
}

/** Changes an object again and again, and as long as the outage has to last; answers its last position. */
async function count(name: string): Promise<bigint> {
  let position = await create(configMaps, configMap(name))
  const endAt = performance.now() + outageMs
  for (let done = 0; done < changesEach || performance.now() < endAt; done++) {
    const changed = configMap(name, { done: `${done}` })
    const { code, body } = await api.ask('PUT', `${configMaps}/${name}`, changed)
    assert.equal(code, 200, body)
    position = BigInt((JSON.parse(body) as Written).metadata.resourceVersion)
    if (isLong) await sleep(outageMs / changesEach)
  }
  return position
}

async function isRunning(name: string): Promise<boolean> {
  const { body } = await api.ask('GET', `/api/v1/namespaces/default/pods/${name}`)
  return (JSON.parse(body) as { status: { phase: string } }).status.phase === 'Running'
}

test('the last event before a silence is lost on the wire: every view has it within 2 s', async () => {
  await untilQuiet(cluster.dataDir)
  const lost = proxy.loseNext(/^events\.all$/)
  const position = await create(configMaps, configMap('last-before-silence'))
  await untilViewsReach(cluster.dataDir, position, noticedMsMax)
  assert.equal(await lost, 'events.all')
  assert.equal(await untilQuiet(cluster.dataDir), position, 'nothing else was recorded meanwhile')
})

test("a node's pod is lost on the node's wire: it runs all the same", async () => {
  const lost = proxy.loseNext(/^nodes\.[^.]+\.events$/)
  await create('/api/v1/namespaces/default/pods', pod('lost-on-the-wire'))
  await lost
  await until('the pod runs', () => isRunning('lost-on-the-wire'), 2 * noticedMsMax)
})

const outages = {
  killed: { begin: () => nats.kill(), end: () => nats.start() },
  hanging: {
    begin: async () => nats.signal('SIGSTOP'),
    end: async () => nats.signal('SIGCONT'),
  },
}
for (const [state, outage] of Object.entries(outages)) {
  test(`nats-server ${state}: writes and reads go on, and after its return all views are equal`, async () => {
    await outage.begin()
    await cluster.apply(`
apiVersion: apps/v1
kind: Deployment
metadata: { name: without-wire-${state} }
spec:
  replicas: 3
  selector: { matchLabels: { app: ${state} } }
  template:
    metadata: { labels: { app: ${state} } }
    spec: { containers: [{ name: c, image: busybox }] }
`)
    await cluster.kubectl('get', 'deployment', `without-wire-${state}`)
    const positions = await Promise.all(
      Array.from({ length: writersCount }, (_, writer) => count(`counted-${state}-${writer}`)),
    )
    await until(
      'the pods are placed without the wire',
      async () => {
        const placed = await cluster.kubectl('get', 'pods', '-l', `app=${state}`, '-o', 'wide')
        return placed.match(/node-\d/g)?.length === 3
      },
      caughtUpMsMax,
    )

    await outage.end()
    const reached = positions.map((each) => untilViewsReach(cluster.dataDir, each, caughtUpMsMax))
    await Promise.all(reached)
    await until(
      'the pods that were placed meanwhile run',
      async () => {
        const shown = await cluster.kubectl('get', 'pods', '-l', `app=${state}`, '--no-headers')
        return shown.match(/Running/g)?.length === 3
      },
      2 * caughtUpMsMax,
    )
    await untilQuiet(cluster.dataDir)
    await assertEqualsFreshFold(cluster.dataDir, api)
  })
}
