import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import type { Pod, Service } from '@reckon/kubernetes'
import { root } from '../run-tests.ts'
import { get, until } from './cluster.ts'
import { JoinedCluster } from './joined-cluster.ts'

const nodes = ['node-1', 'w1', 'w2']
const master = 'node-role.kubernetes.io/master'
const mebibytes = 1024
const measurements = 3
const transfer = readFileSync(join(import.meta.dirname, 'transfer.py'), 'utf8')

let joined: JoinedCluster
let kubectl: (...args: string[]) => Promise<string>
before(async () => {
  joined = await JoinedCluster.open('traffic')
  kubectl = joined.cluster.kubectl
  for (const name of nodes.slice(1)) await joined.join(name)
})
after(() => joined?.close())

const rolledOut = (name: string) => kubectl('rollout', 'status', `deployment/${name}`)
const placesOf = (pods: readonly Pod[]) =>
  [...new Set(pods.map(({ spec }) => spec.nodeName ?? ''))].sort().join()
const placesAre = (label: string, wanted: string) =>
  until(`${label} is on ${wanted}`, async () => placesOf(await joined.pods(label)) === wanted)

test('docker2istio to its end: pods keep off the master until its taint is gone, redis moves to its disk, every machine answers', async () => {
  await kubectl('taint', 'node', 'node-1', `${master}=:NoSchedule`)
  await kubectl('apply', '-f', join(root, 'examples/docker2istio'))
  for (const name of ['redis', 'flaskapp', 'nginx']) await rolledOut(name)
  const { spec } = await joined.cluster.json<Service>('get', 'service', 'nginx')
  const nodePort = spec.ports?.[0]?.nodePort
  const everyMachineAnswers = async () => {
    for (const [node, { address, edge }] of joined.addresses()) {
      for (const [url, host] of [
        [`http://${address}:${nodePort}/`],
        [edge, 'docker2istio.localhost'],
      ]) {
        await until(`${node} answers at ${url}`, async () =>
          /^Hello World by 10\.244\.\d+\.\d+ from .* \d+ /.test((await get(url ?? '', host)).body),
        )
      }
    }
  }
  await everyMachineAnswers()
  await kubectl('scale', 'deployment/flaskapp', '--replicas=3')
  await rolledOut('flaskapp')
  assert.equal(placesOf(await joined.pods('name=flaskapp')), 'w1,w2')

  const [redis] = await joined.pods('name=redis')
  const fast = redis?.spec.nodeName === 'w1' ? 'w2' : 'w1'
  await kubectl('label', 'node', fast, 'storage=ssd')
  const onFast = '{"spec":{"template":{"spec":{"nodeSelector":{"storage":"ssd"}}}}}'
  await kubectl('patch', 'deployment/redis', '-p', onFast)
  await rolledOut('redis')
  await placesAre('name=redis', fast)

  await kubectl('taint', 'node', 'node-1', `${master}:NoSchedule-`)
  await kubectl('scale', 'deployment/flaskapp', '--replicas=6')
  await rolledOut('flaskapp')
  const six = await joined.pods('name=flaskapp')
  assert.equal(placesOf(six), nodes.join())
  await everyMachineAnswers()
  await kubectl('taint', 'node', 'node-1', `${master}=:NoSchedule`)
  const onMaster = six.filter(({ spec }) => spec.nodeName === 'node-1')
  await kubectl('delete', 'pod', ...onMaster.map(({ metadata }) => metadata.name))
  await rolledOut('flaskapp')
  await placesAre('name=flaskapp', 'w1,w2')
  await everyMachineAnswers()
  await kubectl('delete', '-f', join(root, 'examples/docker2istio'))
  await kubectl('taint', 'node', 'node-1', `${master}:NoSchedule-`)
  await joined.untilAsWanted()
})

test('the guestbook across the machines: what is entered at one is read at each', async () => {
  await kubectl('apply', '-f', join(root, 'examples/guestbook'))
  const names = 'name in (redis-master, redis-slave, frontend)'
  await kubectl('wait', 'pods', '-l', names, '--for=condition=Ready', '--timeout=60s')
  assert.equal(placesOf(await joined.pods(names)), nodes.join())
  const said: string[] = []
  for (const [node, { address }] of joined.addresses()) {
    said.push(node)
    const page = `http://${address}:30001/guestbook.php?key=messages`
    assert.match((await get(`${page}&cmd=set&value=${said.join()}`)).body, /Updated/)
    for (const { address, edge } of joined.addresses().values()) {
      const read = 'guestbook.php?key=messages&cmd=get'
      for (const [url, host] of [[`http://${address}:30001/`], [edge, 'guestbook.localhost']]) {
        await until(`${said} is read at ${url}`, async () =>
          (await get(`${url}${read}`, host)).body.includes(`"${said}"`),
        )
      }
    }
  }
  await kubectl('delete', '-f', join(root, 'examples/guestbook'))
})

/** A pod on that node that tells its name, and a Service of it alone. */
const peer = (node: string) => `
apiVersion: v1
kind: Pod
metadata: { name: ${node}, labels: { app: peer, peer: ${node} } }
spec:
  terminationGracePeriodSeconds: 0
  nodeSelector: { kubernetes.io/hostname: ${node} }
  containers:
    - name: c
      image: busybox
      imagePullPolicy: IfNotPresent
      command: [sh, -c, 'mkdir /www; hostname > /www/name; exec httpd -f -p 8000 -h /www']
---
apiVersion: v1
kind: Service
metadata: { name: peer-${node} }
spec: { selector: { peer: ${node} }, ports: [{ port: 80, targetPort: 8000 }] }
---
`

test('each pod reaches each by its address, by the address of a Service, and by its names', async () => {
  await joined.cluster.apply(nodes.map(peer).join(''))
  await kubectl('wait', 'pods', '-l', 'app=peer', '--for=condition=Ready', '--timeout=60s')
  const pods = await joined.pods('app=peer')
  for (const from of nodes) {
    for (const { metadata, status } of pods) {
      const service = `peer-${metadata.name}`
      const { spec } = await joined.cluster.json<Service>('get', 'service', service)
      const long = `${service}.default.svc.cluster.local`
      for (const at of [`${status?.podIP}:8000`, spec.clusterIP, service, long]) {
        const ask = ['timeout', '5', 'wget', '-qO-', `http://${at}/name`]
        const told = await kubectl('exec', from, '--', ...ask)
        assert.equal(told.trim(), metadata.name, `from ${from} at ${at}`)
      }
    }
  }
})

/** Two pods on different machines, in the machines' own network or in that of the pods, with the program that transfers. */
const ends = (kind: string, hostNetwork: boolean) =>
  nodes.slice(1).map(
    (node) => `
apiVersion: v1
kind: Pod
metadata: { name: ${kind}-${node}, labels: { app: ${kind} } }
spec:
  terminationGracePeriodSeconds: 0
  hostNetwork: ${hostNetwork}
  nodeSelector: { kubernetes.io/hostname: ${node} }
  containers:
    - { name: c, image: 'flaskapp:0.0.2', command: [sleep, 1d] }
---
`,
  )

/** What both say: who listens first. */
async function transferred(kind: string, what: 'exchange' | 'measure') {
  const [one, other] = await joined.pods(`app=${kind}`)
  assert.ok(one && other)
  const at = (pod: Pod, where: string) =>
    kubectl('exec', pod.metadata.name, '--', 'python3', '-c', transfer, where, what, `${mebibytes}`)
  const [listening, asking] = await Promise.all([
    at(one, 'listen'),
    at(other, one.status?.podIP ?? ''),
  ])
  return [listening.trim(), asking.trim()]
}

test('a gigabyte each way at once between pods of two machines arrives as it was sent', async (t) => {
  await joined.cluster.apply([...ends('pods', false), ...ends('bare', true)].join(''))
  for (const kind of ['pods', 'bare']) {
    await kubectl('wait', 'pods', '-l', `app=${kind}`, '--for=condition=Ready', '--timeout=60s')
  }
  const [listening = '', asking = ''] = await transferred('pods', 'exchange')
  assert.match(listening, /^[0-9a-f]{64} [0-9a-f]{64}$/)
  assert.deepEqual(asking.split(' '), listening.split(' ').toReversed())

  const best = { pods: 0, bare: 0 }
  for (let round = 0; round < measurements; round++) {
    for (const kind of ['bare', 'pods'] as const) {
      const [, rate] = await transferred(kind, 'measure')
      best[kind] = Math.max(best[kind], Number(rate))
    }
  }
  const told = `${best.pods.toFixed(0)} MiB/s between pods, ${best.bare.toFixed(0)} on the bare link`
  t.diagnostic(`${told}: ${(best.pods / best.bare).toFixed(2)} of it`)
})
