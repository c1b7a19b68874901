import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Pod } from '@reckon/kubernetes'
import { openCluster, type TestCluster, until } from './cluster.ts'
import { positions, untilQuiet } from './views.ts'

const isLong = process.env.RECKON_TEST_LONG === '1'
/** How long an untouched cluster is watched. */
const untouchedMs = isLong ? 60_000 : 15_000
/** How long an agent may be silent, and its pods stay that say nothing of it. */
const graceSeconds = isLong ? 40 : 6
const tolerationSeconds = 5

type Nodes = {
  items: {
    metadata: { name: string }
    spec: { podCIDR: string }
    status: { conditions: { type: string; status: string }[] }
  }[]
}
type Pods = { items: { spec: { nodeName: string }; status: { podIP: string } }[] }

const manifest = `
apiVersion: apps/v1
kind: Deployment
metadata: { name: spread }
spec:
  replicas: 6
  selector: { matchLabels: { app: spread } }
  template:
    metadata: { labels: { app: spread } }
    spec:
      terminationGracePeriodSeconds: 0
      containers: [{ name: c, image: busybox, command: [sleep, '3600'] }]
---
apiVersion: v1
kind: Service
metadata: { name: spread }
spec: { selector: { app: spread }, ports: [{ port: 80 }] }
`

const expectedAgents = {
  ...(isLong && { simulated: ['agent-simulated'] }),
  docker: ['agent-node-1', 'agent-node-2', 'agent-node-3'],
}
for (const [runtime, agents] of Object.entries(expectedAgents)) {
  test(`three nodes (${runtime}) are Ready, share the pods, and record nothing while nobody touches them`, async (t) => {
    const cluster = await openCluster(`nodes-${runtime}`)
    t.after(() => cluster.reset())
    const timeouts = ['--node-grace', `${graceSeconds}`]
    const toleration = ['--default-toleration', `${tolerationSeconds}`]
    await cluster.up('--nodes', '3', '--runtime', runtime, ...timeouts, ...toleration)

    const { processes } = await cluster.status()
    const running = processes.map(({ name }) => name).filter((name) => name.startsWith('agent'))
    assert.deepEqual(running, agents)
    const nodes = await cluster.json<Nodes>('get', 'nodes')
    assert.deepEqual(
      nodes.items.map(({ metadata, spec, status }) => [
        metadata.name,
        spec.podCIDR,
        status.conditions.find(({ type }) => type === 'Ready')?.status,
      ]),
      [1, 2, 3].map((number) => [`node-${number}`, `10.244.${number}.0/24`, 'True']),
    )

    // On Docker the first one is the control plane, which keeps pods away.
    if (runtime === 'docker') {
      await cluster.kubectl('taint', 'node', 'node-1', 'node-role.kubernetes.io/master-')
    }
    await cluster.apply(manifest)
    await cluster.kubectl('rollout', 'status', 'deployment/spread', '--timeout=60s')
    const pods = await cluster.json<Pods>('get', 'pods')
    for (const { metadata, spec } of nodes.items) {
      const own = pods.items.filter(({ spec: { nodeName } }) => nodeName === metadata.name)
      assert.equal(own.length, 2, `pods of ${metadata.name}`)
      const prefix = spec.podCIDR.replace(/0\/24$/, '')
      for (const { status } of own) assert.ok(status.podIP.startsWith(prefix), status.podIP)
    }

    const position = await untilQuiet(cluster.dataDir)
    await sleep(untouchedMs)
    const recorded = await positions(cluster.dataDir)
    const since = await cluster.reckon('log', '--limit', '10')
    assert.deepEqual(new Set(recorded), new Set([position]), since)

    await cluster.kubectl('delete', 'deployment', 'spread')
    await until('no pods are left', async () => {
      const left = await cluster.json<Pods>('get', 'pods')
      return left.items.length === 0
    })
    // Simulated nodes share one agent: they would all fall silent, and then nobody is given up.
    if (runtime === 'docker') await assertTolerated(cluster)
  })
}

/** A pod of the third node, and for how long it tolerates that nobody hears of that; null: for ever. */
const patient = (name: string, seconds?: number | null) => {
  const toleration = {
    ...{ key: 'node.kubernetes.io/unreachable', operator: 'Exists', effect: 'NoExecute' },
    ...(seconds === null ? {} : { tolerationSeconds: seconds }),
  }
  const tolerations = seconds === undefined ? [] : [toleration]
  return `
apiVersion: v1
kind: Pod
metadata: { name: ${name}, labels: { app: patient } }
spec:
  nodeSelector: { kubernetes.io/hostname: node-3 }
  terminationGracePeriodSeconds: 1
  tolerations: ${JSON.stringify(tolerations)}
  containers: [{ name: c, image: busybox, command: [sleep, '3600'] }]
---`
}

/** Each pod of a silent node stays for as long as it tolerates that; what has not left by its return goes on there. */
async function assertTolerated(cluster: TestCluster): Promise<void> {
  const pods = async () => {
    const { items } = await cluster.json<{ items: Pod[] }>('get', 'pods', '-l', 'app=patient')
    return items
  }
  /** Who has to leave, the first one first. */
  const leaving = async () => {
    const told = (await pods()).filter(({ metadata }) => metadata.deletionTimestamp)
    const at = ({ metadata }: Pod) => Date.parse(metadata.deletionTimestamp ?? '')
    return told.toSorted((a, b) => at(a) - at(b)).map(({ metadata }) => metadata.name)
  }
  const manifests = [patient('none'), patient('short', 1), patient('long', 3600)]
  await cluster.apply([...manifests, patient('for-ever', null)].join(''))
  const isReady = ['--for=condition=Ready', '--timeout=60s']
  await cluster.kubectl('wait', 'pod', '-l', 'app=patient', ...isReady)
  const before = await pods()
  const { processes } = await cluster.status()
  const agent = processes.find(({ name }) => name === 'agent-node-3')?.pid
  assert.ok(agent)
  process.kill(agent, 'SIGSTOP')
  const timeoutMs = (graceSeconds + tolerationSeconds) * 1000 + 60_000
  await until('the default has passed', async () => (await leaving()).length > 1, timeoutMs)
  assert.deepEqual(await leaving(), ['short', 'none'])
  process.kill(agent, 'SIGCONT')
  await until('those are gone', async () => (await pods()).length === 2)
  await cluster.kubectl('wait', 'pod', '-l', 'app=patient', ...isReady)
  const stayed = before.filter(({ metadata }) => ['for-ever', 'long'].includes(metadata.name))
  const asTheyWere = ({ metadata, status }: Pod) => [
    metadata.uid,
    status?.containerStatuses?.map(({ containerID, restartCount }) => [containerID, restartCount]),
  ]
  assert.deepEqual((await pods()).map(asTheyWere), stayed.map(asTheyWere))
}
