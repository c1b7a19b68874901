import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { openCluster, until } from './cluster.ts'
import { positions, untilQuiet } from './views.ts'

const isLong = process.env.RECKON_TEST_LONG === '1'
/** How long an untouched cluster is watched. */
const untouchedMs = isLong ? 60_000 : 15_000

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
    await cluster.up('--nodes', '3', '--runtime', runtime)

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
  })
}
