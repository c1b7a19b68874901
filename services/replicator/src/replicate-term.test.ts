import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Objects } from '@reckon/domain'
import { createReader, type OpenReader } from '@reckon/eventing'
import { createMemoryClock } from '@reckon/eventing/memory'
import {
  configMaps,
  controllerOf,
  type Deployment,
  type EndpointSlice,
  type KubernetesObject,
  type Pod,
  type ReplicaSet,
  StatusError,
} from '@reckon/kubernetes'
import { runScheduler } from '@reckon/scheduler/run'
import { scheduleTerm } from '@reckon/scheduler/term'
import { explainPod, RecordedPolicies } from '@reckon/scheduling'
import { createObject, WriterView } from '@reckon/writing'
import { byAda, deploymentOf, startedCluster } from './cluster.fixture.ts'
import { replicateTerm } from './replicate-term.ts'
import { runReplicator } from './run-replicator.ts'

/** Upstream's defaults. */
const policies = new RecordedPolicies()

type Cluster = Awaited<ReturnType<typeof startedCluster>>

const startAll = (cluster: Cluster) => {
  cluster.start((signal) => replicateTerm(cluster.ports, signal))
  cluster.start((signal) => scheduleTerm({ ...cluster.ports, policies }, 1, signal))
}
const deployment = (cluster: Cluster) => cluster.list<Deployment>('Deployment')[0]?.object
const available = (cluster: Cluster) => deployment(cluster)?.status?.availableReplicas ?? 0
const isDone = (cluster: Cluster, replicas: number) => () => {
  const { status, metadata } = deployment(cluster) ?? {}
  return (
    status?.observedGeneration === metadata?.generation &&
    (status?.updatedReplicas ?? 0) === replicas &&
    (status?.replicas ?? 0) === replicas &&
    available(cluster) === replicas
  )
}
const withSpec = (change: object) => (object: KubernetesObject) => ({
  ...object,
  spec: { ...(object.spec as object), ...change },
})
const withImage = (image: string) => (object: KubernetesObject) => {
  const { template } = (object as Deployment).spec
  const spec = { ...template.spec, containers: [{ name: 'app', image }] }
  return withSpec({ template: { ...template, spec } })(object)
}

test('a Deployment becomes a ReplicaSet, pods, placements; each event names the one that it answers', async (t) => {
  const cluster = await startedCluster(t)
  const openReader: OpenReader = (projections) => createReader(cluster.ports, projections)
  const ports = { ...cluster.ports, openReader }
  cluster.start((signal) => runReplicator(ports, { holder: 'replicator@test' }, signal))
  cluster.start((signal) => runScheduler(ports, { holder: 'scheduler@test' }, signal))
  cluster.agents()
  await cluster.node('a')
  await cluster.create(deploymentOf('web', 2))
  await cluster.until('both pods are available', isDone(cluster, 2))

  const events = await cluster.events()
  const scheduled = events.filter(({ type }) => type === 'PodScheduled')
  assert.equal(scheduled.length, 2)
  for (const event of scheduled) {
    const chain = [event]
    for (;;) {
      const cause = chain[0]?.metadata?.$causationId
      const before = events.find(({ id }) => id === cause)
      if (!before) break
      chain.unshift(before)
    }
    assert.deepEqual(
      chain.map(({ type }) => type),
      ['DeploymentCreated', 'ReplicaSetCreated', 'PodCreated', 'PodScheduled'],
    )
    assert.equal(new Set(chain.map(({ metadata }) => metadata?.$correlationId)).size, 1)
    const why = explainPod(events.filter(({ stream }) => stream === event.stream))
    assert.equal(why.nodeName, 'a')
    assert.equal(why.decisions[0]?.nodes[0]?.node, 'a')
  }
  const [set] = cluster.list<ReplicaSet>('ReplicaSet')
  const hash = set?.object.metadata.labels?.['pod-template-hash']
  assert.equal(set?.object.metadata.name, `web-${hash}`)
  assert.equal(set?.object.metadata.annotations?.['deployment.kubernetes.io/revision'], '1')
  for (const { object } of cluster.list<Pod>('Pod')) {
    assert.match(object.metadata.name, new RegExp(`^web-${hash}-[a-z0-9]{5}$`))
    assert.equal(object.metadata.labels?.['pod-template-hash'], hash)
  }
  const reasons = deployment(cluster)?.status?.conditions?.map(({ reason }) => reason)
  assert.deepEqual(reasons, ['MinimumReplicasAvailable', 'NewReplicaSetAvailable'])
})

test('a settled cluster appends nothing', async (t) => {
  const clock = createMemoryClock()
  const cluster = await startedCluster(t, { clock })
  startAll(cluster)
  cluster.agents()
  await cluster.node('a')
  await cluster.create(deploymentOf('web', 2))
  const { signal } = cluster.stop
  while (!isDone(cluster, 2)() && !signal.aborted) await clock.advance(100)
  // Less than the time after which a node that sends no heartbeats counts as unreachable.
  await clock.advance(10_000)
  const before = (await cluster.events()).length
  // Another term looks at everything once more.
  cluster.start((signal) => replicateTerm(cluster.ports, signal))
  await clock.advance(10_000)
  const after = await cluster.events()
  assert.deepEqual(
    after.slice(before).map(({ type }) => type),
    [],
  )
})

test('scaling makes and removes pods; names are never used twice', async (t) => {
  const cluster = await startedCluster(t)
  startAll(cluster)
  cluster.agents()
  await cluster.node('a')
  await cluster.create(deploymentOf('web', 1))
  await cluster.until('one pod', isDone(cluster, 1))
  await cluster.change('Deployment', 'web', withSpec({ replicas: 4 }))
  await cluster.until('four pods', isDone(cluster, 4))
  await cluster.change('Deployment', 'web', withSpec({ replicas: 1 }))
  await cluster.until(
    'one pod again',
    () => isDone(cluster, 1)() && cluster.list('Pod').length === 1,
  )
  const [last] = cluster.list<Pod>('Pod')
  await cluster.remove('Pod', last?.object.metadata.name ?? '')
  await cluster.until(
    'another pod takes its place',
    () =>
      isDone(cluster, 1)() &&
      cluster.list('Pod').some(({ object }) => object.metadata.uid !== last?.object.metadata.uid),
  )
  const names = (await cluster.events())
    .filter(({ type }) => type === 'PodCreated')
    .map(({ stream }) => stream)
  assert.equal(names.length, 5)
  assert.equal(new Set(names).size, 5)
})

test('a rolling update never has fewer pods available, nor more of them, than it may', async (t) => {
  const cluster = await startedCluster(t)
  startAll(cluster)
  cluster.agents()
  await cluster.node('a')
  const rollingUpdate = { maxSurge: 1, maxUnavailable: 0 }
  await cluster.create(
    deploymentOf('web', 3, { strategy: { type: 'RollingUpdate', rollingUpdate } }),
  )
  await cluster.until('three pods', isDone(cluster, 3))
  let least = 3
  let most = 3
  cluster.ports.objects.subscribe(() => {
    const pods = cluster.list<Pod>('Pod').filter(({ object }) => !object.metadata.deletionTimestamp)
    const ready = pods.filter(({ object }) => object.status?.phase === 'Running')
    least = Math.min(least, ready.length)
    most = Math.max(most, pods.length)
  })
  await cluster.change('Deployment', 'web', withImage('app:2'))
  await cluster.until('the new template is everywhere', isDone(cluster, 3))
  assert.deepEqual([least, most], [3, 4])
  const sets = cluster.list<ReplicaSet>('ReplicaSet').map(({ object }) => object)
  assert.deepEqual(sets.map(({ spec }) => spec.replicas).sort(), [0, 3])
  assert.equal(
    deployment(cluster)?.metadata.annotations?.['deployment.kubernetes.io/revision'],
    '2',
  )

  await cluster.change('Deployment', 'web', withImage('app:1'))
  await cluster.until('the first template is back', isDone(cluster, 3))
  assert.equal(cluster.list('ReplicaSet').length, 2)
  assert.equal(
    deployment(cluster)?.metadata.annotations?.['deployment.kubernetes.io/revision'],
    '3',
  )
})

test('Recreate lets the last old pod go before the first new one comes', async (t) => {
  const cluster = await startedCluster(t)
  startAll(cluster)
  cluster.agents()
  await cluster.node('a')
  await cluster.create(deploymentOf('web', 2, { strategy: { type: 'Recreate' } }))
  await cluster.until('two pods', isDone(cluster, 2))
  let most = 0
  cluster.ports.objects.subscribe(() => {
    most = Math.max(most, cluster.list('Pod').length)
  })
  await cluster.change('Deployment', 'web', withImage('app:2'))
  await cluster.until('the new template is everywhere', isDone(cluster, 2))
  assert.equal(most, 2)
})

test('a pod that fits nowhere says so once, and runs when a node that suits it comes', async (t) => {
  const cluster = await startedCluster(t)
  startAll(cluster)
  await cluster.node('a')
  const { object } = await cluster.create({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'picky', namespace: 'shop' },
    spec: { containers: [{ name: 'c', image: 'c' }], nodeSelector: { disk: 'ssd' } },
  })
  const pod = () => cluster.list<Pod>('Pod')[0]?.object
  await cluster.until('it is unschedulable', () => pod()?.status?.conditions !== undefined)
  assert.equal(
    pod()?.status?.conditions?.[0]?.message,
    "0/1 nodes are available: 1 node(s) didn't match Pod's node affinity/selector. " +
      'preemption: 0/1 nodes are available: 1 Preemption is not helpful for scheduling.',
  )
  await cluster.change('Node', 'a', (node) => ({
    ...node,
    metadata: { ...node.metadata, labels: { ...node.metadata.labels, disk: 'ssd' } },
  }))
  await cluster.until('it is bound', () => pod()?.spec.nodeName === 'a')
  const types = (await cluster.events())
    .filter(({ stream }) => stream === 'pods-shop/picky')
    .map(({ type }) => type)
  assert.deepEqual(types, ['PodCreated', 'PodSchedulingFailed', 'PodScheduled'])
  assert.equal(pod()?.metadata.uid, object.metadata.uid)
})

test('a Service has its ready pods as endpoints', async (t) => {
  const cluster = await startedCluster(t)
  startAll(cluster)
  cluster.agents()
  await cluster.node('a')
  await cluster.create({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'web', namespace: 'shop' },
    spec: { selector: { app: 'web' }, ports: [{ port: 80, targetPort: 8080 }] },
  })
  await cluster.until('its slice is there', () => cluster.list('EndpointSlice').length === 1)
  const name = cluster.list('EndpointSlice')[0]?.object.metadata.name ?? ''
  assert.match(name, /^web-[a-z0-9]{5}$/)
  await cluster.create(deploymentOf('web', 2))
  const slice = () => cluster.list<EndpointSlice>('EndpointSlice')[0]?.object
  await cluster.until(
    'both are endpoints',
    () => slice()?.endpoints?.filter(({ conditions }) => conditions?.ready).length === 2,
  )
  assert.equal(slice()?.metadata.name, name)
  assert.deepEqual(slice()?.ports, [{ name: '', protocol: 'TCP', port: 8080 }])
  assert.equal(slice()?.endpoints?.[0]?.nodeName, 'a')
  await cluster.change('Deployment', 'web', withSpec({ replicas: 0 }))
  await cluster.until('none is left', () => slice()?.endpoints?.length === 0)
  await cluster.remove('Service', 'web')
  await cluster.until('the slice is gone', () => cluster.list('EndpointSlice').length === 0)
})

test('a slice that a Service left as an orphan is kept by the next one of its name', async (t) => {
  const cluster = await startedCluster(t)
  startAll(cluster)
  const service = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'web', namespace: 'shop' },
    spec: { selector: { app: 'web' }, ports: [{ port: 80, targetPort: 8080 }] },
  }
  const slices = () => cluster.list<EndpointSlice>('EndpointSlice').map(({ object }) => object)
  await cluster.create(service)
  await cluster.until('a slice', () => slices().length === 1)
  const name = slices()[0]?.metadata.name
  await cluster.remove('Service', 'web', { propagationPolicy: 'Orphan' })
  await cluster.until('the Service is gone', () => cluster.list('Service').length === 0)
  const { uid } = (await cluster.create(service)).object.metadata
  await cluster.until('it is kept', () =>
    slices().every((slice) => controllerOf(slice)?.uid === uid),
  )
  assert.deepEqual(
    slices().map(({ metadata }) => metadata.name),
    [name],
  )
})

test('a deleted Deployment takes all with it; left as orphans its ReplicaSet and pods live on', async (t) => {
  const cluster = await startedCluster(t)
  startAll(cluster)
  cluster.agents()
  await cluster.node('a')
  for (const propagationPolicy of ['Background', 'Foreground']) {
    await cluster.create(deploymentOf('web', 2))
    await cluster.until('two pods', isDone(cluster, 2))
    await cluster.remove('Deployment', 'web', { propagationPolicy })
    const kinds = ['Deployment', 'ReplicaSet', 'Pod']
    await cluster.until('all is gone', () => kinds.every((kind) => cluster.list(kind).length === 0))
  }
  await cluster.create(deploymentOf('web', 2))
  await cluster.until('two pods', isDone(cluster, 2))
  await cluster.remove('Deployment', 'web', { propagationPolicy: 'Orphan' })
  await cluster.until('it is gone', () => cluster.list('Deployment').length === 0)
  const [set] = cluster.list<ReplicaSet>('ReplicaSet')
  assert.equal(set && controllerOf(set.object), undefined)
  assert.equal(cluster.list('Pod').length, 2)

  await cluster.create(deploymentOf('web', 2))
  await cluster.until('it is adopted', isDone(cluster, 2))
  assert.equal(cluster.list('ReplicaSet').length, 1)
})

test('a terminating namespace is emptied and ends', async (t) => {
  const cluster = await startedCluster(t)
  startAll(cluster)
  cluster.agents()
  await cluster.node('a')
  await cluster.create(deploymentOf('web', 2))
  await cluster.until('two pods', isDone(cluster, 2))
  await cluster.remove('Namespace', 'shop')
  const names = () => cluster.list('Namespace').map(({ object: { metadata } }) => metadata.name)
  await cluster.until('it is gone', () => !names().includes('shop'))
  for (const kind of ['Deployment', 'ReplicaSet', 'Pod', 'ConfigMap']) {
    assert.equal(cluster.list(kind).length, 0)
  }
})

test('what an api that is behind makes in a namespace that ends, or has ended, goes with it', async (t) => {
  const cluster = await startedCluster(t)
  const behind = new Objects()
  for (const record of [...cluster.ports.objects.snapshot()]) behind.restore(record)
  const ports = { ...cluster.ports, objects: behind, known: new WriterView(behind) }
  const make = async (name: string) => {
    const metadata = { name, namespace: 'shop' }
    const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata }
    await createObject(ports, { resource: configMaps, object, origin: byAda })
    await cluster.ports.reader.waitForHead(1000)
  }
  await cluster.remove('Namespace', 'shop')
  await make('late')
  startAll(cluster)
  const names = () => cluster.list('Namespace').map(({ object: { metadata } }) => metadata.name)
  await cluster.until('it is gone', () => !names().includes('shop'))
  await make('later')
  await cluster.until('all of it is gone', () => cluster.list('ConfigMap').length === 0)
  const events = await cluster.events()
  for (const name of ['late', 'later']) {
    const own = events.filter(({ stream }) => stream === `configmaps-shop/${name}`)
    assert.deepEqual(
      own.map(({ type }) => type),
      ['ConfigMapCreated', 'ConfigMapDeleted'],
    )
  }
})

test('two replicators at once make nothing twice', async (t) => {
  const cluster = await startedCluster(t)
  startAll(cluster)
  cluster.start((signal) => replicateTerm(cluster.ports, signal))
  cluster.agents()
  await cluster.node('a')
  await cluster.create(deploymentOf('web', 5))
  await cluster.until('five pods', isDone(cluster, 5))
  await cluster.change('Deployment', 'web', withImage('app:2'))
  await cluster.until('the new template is everywhere', isDone(cluster, 5))
  const events = await cluster.events()
  const created = (type: string) =>
    events.filter((event) => event.type === type).map(({ stream }) => stream)
  assert.equal(created('ReplicaSetCreated').length, 2)
  assert.equal(created('PodCreated').length, 10)
})

test('while the store is away nothing is lost', async (t) => {
  const cluster = await startedCluster(t)
  const { log } = cluster.ports
  let isAway = true
  const tried = Promise.withResolvers<void>()
  const faulty = {
    ...log,
    append: async (...given: Parameters<typeof log.append>) => {
      if (!isAway) return log.append(...given)
      if (given[0].startsWith('replicasets.')) tried.resolve()
      throw new StatusError('ServiceUnavailable', 'the store is away')
    },
  }
  cluster.start((signal) => replicateTerm({ ...cluster.ports, log: faulty }, signal))
  await cluster.create(deploymentOf('web', 2))
  await tried.promise
  assert.equal(cluster.list('ReplicaSet').length, 0)
  isAway = false
  await cluster.until('two pods', () => cluster.list('Pod').length === 2)
})

test('the pods of a ReplicaSet are made many at once', async (t) => {
  const cluster = await startedCluster(t)
  const { log } = cluster.ports
  let [underWay, most] = [0, 0]
  const append: typeof log.append = async (stream, ...given) => {
    if (!stream.startsWith('pods-')) return log.append(stream, ...given)
    most = Math.max(most, ++underWay)
    const appended = await log.append(stream, ...given)
    underWay--
    return appended
  }
  const ports = { ...cluster.ports, log: { ...log, append } }
  cluster.start((signal) => replicateTerm(ports, signal))
  await cluster.create(deploymentOf('web', 8))
  await cluster.until('all pods are made', () => cluster.list<Pod>('Pod').length === 8)
  assert.equal(most, 8)
})
