import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import type { Pod, Service } from '@reckon/kubernetes'
import { root } from '../run-tests.ts'
import { get, until } from './cluster.ts'
import { JoinedCluster } from './joined-cluster.ts'
import { arrivesAsSent, eachReachesEach, startEnds, startPeers, transferred } from './peers.ts'

const nodes = ['node-1', 'w1', 'w2']
const master = 'node-role.kubernetes.io/master'
const measurements = 3

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

test('each pod reaches each by its address, by the address of a Service, and by its names', async () => {
  await startPeers(joined, nodes)
  await eachReachesEach(joined)
})

test('a gigabyte each way at once between pods of two machines arrives as it was sent', async (t) => {
  for (const kind of ['pods', 'bare'] as const) await startEnds(joined, kind, ['w1', 'w2'])
  await arrivesAsSent(joined)

  const best = { pods: 0, bare: 0 }
  for (let round = 0; round < measurements; round++) {
    for (const kind of ['bare', 'pods'] as const) {
      const [, rate] = await transferred(joined, kind, 'measure')
      best[kind] = Math.max(best[kind], Number(rate))
    }
  }
  const told = `${best.pods.toFixed(0)} MiB/s between pods, ${best.bare.toFixed(0)} on the bare link`
  t.diagnostic(`${told}: ${(best.pods / best.bare).toFixed(2)} of it`)
})
