import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { conditionOf, type Node, type Pod } from '@reckon/kubernetes'
import { get, openCluster, type TestCluster, until } from './cluster.ts'

const isLong = process.env.RECKON_TEST_LONG === '1'
const graceSeconds = isLong ? 40 : 6
const tolerationSeconds = 3
/** The wire is away for longer than an agent may be silent. */
const outageMs = isLong ? 120_000 : 1.5 * graceSeconds * 1000
const master = 'node-role.kubernetes.io/master'

const deployment = (name: string, replicas: number) => `
apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name} }
spec:
  replicas: ${replicas}
  selector: { matchLabels: { name: ${name} } }
  template:
    metadata: { labels: { name: ${name} } }
    spec:
      terminationGracePeriodSeconds: 0
      containers: [{ name: c, image: busybox, command: [httpd, -f, -p, '5000', -h, /etc] }]
---
apiVersion: v1
kind: Service
metadata: { name: ${name} }
spec: { type: NodePort, selector: { name: ${name} }, ports: [{ port: 5000 }] }
---
`

let cluster: TestCluster
before(async () => {
  cluster = await openCluster('three-nodes')
  const timeouts = ['--node-grace', `${graceSeconds}`]
  const toleration = ['--default-toleration', `${tolerationSeconds}`]
  await cluster.up('--nodes', '3', '--allow-external-ips', ...timeouts, ...toleration)
})
after(() => cluster?.reset())

const nodeOf = (name: string) => cluster.json<Node>('get', 'node', name)

async function podsOf(name: string): Promise<readonly Pod[]> {
  const { items } = await cluster.json<{ items: Pod[] }>('get', 'pods', '-l', `name=${name}`)
  return items.filter(({ metadata }) => !metadata.deletionTimestamp)
}

const uidsOf = (pods: readonly Pod[]) => pods.map(({ metadata }) => metadata.uid).sort()

const placesOf = (pods: readonly Pod[]): string[] =>
  [...new Set(pods.map(({ spec }) => spec.nodeName ?? ''))].sort()

test('three nodes on one engine have addresses of their own, and the first one is the control plane', async () => {
  const { items } = await cluster.json<{ items: Node[] }>('get', 'nodes')
  const addresses = items.map(
    ({ status }) => status?.addresses?.find(({ type }) => type === 'InternalIP')?.address,
  )
  assert.equal(new Set(addresses).size, 3)
  assert.deepEqual(addresses.slice(1), ['10.244.2.1', '10.244.3.1'])
  assert.equal(new Set(items.map(({ spec }) => spec.podCIDR)).size, 3)
  const roles = items.map(({ metadata }) =>
    Object.keys(metadata.labels ?? {}).filter((key) => key.startsWith('node-role')),
  )
  assert.deepEqual(roles, [['node-role.kubernetes.io/control-plane', master], [], []])
  const taints = items.map(({ spec }) => spec.taints)
  assert.deepEqual(taints, [[{ key: master, effect: 'NoSchedule' }], undefined, undefined])
  assert.match(await cluster.kubectl('get', 'nodes'), /node-1 +Ready +control-plane,master/)
})

test('pods keep off the control plane, and redis moves to the node with the disk it asks for', async () => {
  await cluster.apply(deployment('redis', 1) + deployment('flaskapp', 3))
  for (const name of ['redis', 'flaskapp']) {
    await cluster.kubectl('rollout', 'status', `deployment/${name}`, '--timeout=60s')
  }
  assert.deepEqual(placesOf(await podsOf('flaskapp')), ['node-2', 'node-3'])
  const [before] = await podsOf('redis')
  const fast = before?.spec.nodeName === 'node-2' ? 'node-3' : 'node-2'
  await cluster.kubectl('label', 'node', fast, 'storage=ssd')
  const selector = '{"spec":{"template":{"spec":{"nodeSelector":{"storage":"ssd"}}}}}'
  await cluster.kubectl('patch', 'deployment/redis', '-p', selector)
  await cluster.kubectl('rollout', 'status', 'deployment/redis', '--timeout=60s')
  await until('redis has moved', async () => placesOf(await podsOf('redis')).join() === fast)
  const service = await cluster.json<{ spec: { ports: { nodePort: number }[] } }>(
    ...['get', 'service', 'flaskapp'],
  )
  const port = service.spec.ports[0]?.nodePort
  for (const address of ['127.0.0.1', '10.244.2.1', '10.244.3.1']) {
    await until(`${address} answers`, async () => {
      return (await get(`http://${address}:${port}/passwd`)).code === 200
    })
  }
})

test('a Service has external addresses where the cluster was founded so: pods reach it there; never those of somebody', async () => {
  const outside = (ip: string) =>
    cluster.apply(`
apiVersion: v1
kind: Service
metadata: { name: outside }
spec: { selector: { name: flaskapp }, externalIPs: [${ip}], ports: [{ port: 5001, targetPort: 5000 }] }
`)
  for (const ip of ['127.0.0.1', '10.244.2.1', '10.96.0.1']) {
    await assert.rejects(outside(ip), /spec\.externalIPs\[0\]: Invalid value/, ip)
  }
  await outside('203.0.113.77')
  assert.match(await cluster.kubectl('get', 'service', 'outside'), / 203\.0\.113\.77 +5001\/TCP/)
  const [client] = await podsOf('redis')
  const ask = ['timeout', '5', 'wget', '-qO-', 'http://203.0.113.77:5001/passwd']
  await until('a pod reaches it there', async () => {
    const args = ['exec', client?.metadata.name ?? '', '--', ...ask]
    return (await cluster.kubectl(...args).catch(() => '')).includes('root:')
  })
})

test('without its taint the first node takes pods, too; tainted again it gets none anew', async () => {
  await cluster.kubectl('taint', 'node', 'node-1', `${master}:NoSchedule-`)
  await cluster.kubectl('scale', 'deployment/flaskapp', '--replicas=6')
  await cluster.kubectl('rollout', 'status', 'deployment/flaskapp', '--timeout=60s')
  const six = await podsOf('flaskapp')
  assert.deepEqual(placesOf(six), ['node-1', 'node-2', 'node-3'])
  await cluster.kubectl('taint', 'node', 'node-1', `${master}=:NoSchedule`)
  const first = six.filter(({ spec }) => spec.nodeName === 'node-1')
  await cluster.kubectl('delete', 'pod', ...first.map(({ metadata }) => metadata.name))
  await cluster.kubectl('rollout', 'status', 'deployment/flaskapp', '--timeout=60s')
  await until('six are on the other two', async () => {
    const pods = await podsOf('flaskapp')
    return pods.length === 6 && placesOf(pods).join() === 'node-2,node-3'
  })
})

async function signal(name: string, which: NodeJS.Signals): Promise<void> {
  const { processes } = await cluster.status()
  const pid = processes.find((each) => each.name === name)?.pid
  assert.ok(pid, `${name} does not run`)
  process.kill(pid, which)
}

const readiness = async (name: string) => conditionOf((await nodeOf(name)).status, 'Ready')?.status

/** The uids of the pods that have containers on the engine. */
async function running(): Promise<ReadonlySet<string>> {
  const containers = await cluster.containers()
  return new Set(containers.map(({ Labels }) => Labels['reckon.pod.uid'] ?? ''))
}

test('while the wire is away nobody is given up; an agent that fell silent meanwhile is found a grace time after', async () => {
  const before = await podsOf('flaskapp')
  await signal('nats', 'SIGSTOP')
  await signal('agent-node-2', 'SIGSTOP')
  await sleep(outageMs)
  for (const name of ['node-1', 'node-2', 'node-3']) assert.equal(await readiness(name), 'True')
  assert.deepEqual(uidsOf(await podsOf('flaskapp')), uidsOf(before), 'nobody was evicted')
  const backAtMs = Date.now()
  await signal('nats', 'SIGCONT')
  const foundMsMax = 2 * graceSeconds * 1000 + 60_000
  await until('it is found', async () => (await readiness('node-2')) === 'Unknown', foundMsMax)
  await signal('agent-node-2', 'SIGCONT')
  const { status } = await nodeOf('node-2')
  const foundAtMs = Date.parse(conditionOf(status, 'Ready')?.lastTransitionTime ?? '')
  assert.ok(foundAtMs >= backAtMs + (graceSeconds - 1) * 1000, 'not before the grace time')
  await until('it is back', async () => (await readiness('node-2')) === 'True')
  await until('its taints are lifted', async () => !(await nodeOf('node-2')).spec.taints)
  for (const name of ['node-1', 'node-3']) assert.equal(await readiness(name), 'True')
  const others = before.filter(({ spec }) => spec.nodeName !== 'node-2')
  const left = uidsOf(await podsOf('flaskapp'))
  assert.ok(
    uidsOf(others).every((uid) => left.includes(uid)),
    'those of other nodes stay',
  )
  await cluster.kubectl('rollout', 'status', 'deployment/flaskapp', '--timeout=60s')
})

test('the pods of a node whose agent is silent move, and its old containers are gone when it is back', async () => {
  const on3 = (await podsOf('flaskapp')).filter(({ spec }) => spec.nodeName === 'node-3')
  const old = on3.map(({ metadata }) => metadata.uid ?? '')
  assert.ok(old.length > 0)
  await signal('agent-node-3', 'SIGSTOP')
  await until('it is given up', async () => (await readiness('node-3')) === 'Unknown')
  await until('its pods are elsewhere', async () => {
    const pods = await podsOf('flaskapp')
    return pods.length === 6 && placesOf(pods).join() === 'node-2'
  })
  await cluster.kubectl('rollout', 'status', 'deployment/flaskapp', '--timeout=60s')
  const left = await running()
  assert.ok(
    old.every((uid) => left.has(uid)),
    'nobody is there to end them',
  )
  await signal('agent-node-3', 'SIGCONT')
  await until('it is back', async () => (await readiness('node-3')) === 'True')
  const kept = await running()
  assert.ok(
    old.every((uid) => !kept.has(uid)),
    'what was taken from it is gone',
  )
  await until('its taints are lifted', async () => !(await nodeOf('node-3')).spec.taints)
})
