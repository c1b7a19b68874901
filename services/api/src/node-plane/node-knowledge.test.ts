import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  ingresses,
  type KubernetesObject,
  nodes,
  type Pod,
  persistentVolumeClaims,
  pods,
  type Resource,
} from '@reckon/kubernetes'
import {
  NodeKnowledge,
  type NodeReport,
  type NodeUpsert,
  type NodeWireMessage,
} from '@reckon/node-plane'
import { bindPod, changeObject, deleteObject, registerNode, reportPodGone } from '@reckon/writing'
import { byAda, configMap, foundedCluster, pod, secret, service } from '@reckon/writing/fixture'
import { memoryVault } from '@reckon/writing/vault-fixture'
import { viewChange } from './wire.ts'

const registration = (name: string): NodeReport => ({
  type: 'Node',
  node: { apiVersion: 'v1', kind: 'Node', metadata: { name }, spec: {}, status: {} },
  bootId: 'boot',
  number: 1,
})

const podNaming = (name: string, configMapName: string) => {
  const named = pod(name) as Pod
  const volumes = [{ name: 'v', configMap: { name: configMapName } }]
  return { ...named, spec: { ...named.spec, volumes } } as Pod
}

/** A cluster with the nodes a and b, and what was sent to each since they came. */
async function watchedCluster() {
  const cluster = await foundedCluster(memoryVault())
  for (const name of ['a', 'b'])
    await registerNode(cluster.ports, { report: registration(name), origin: byAda })
  await cluster.catchUp()
  const knowledge = new NodeKnowledge(cluster.objects)
  const sent: NodeWireMessage[] = []
  cluster.objects.subscribe((change) => sent.push(...knowledge.apply(viewChange(change))))
  const sentTo = (name?: string) =>
    sent
      .filter((message) => message.node === name)
      .flatMap(({ changes }) =>
        changes.map((change) => {
          const of = change.type === 'Upsert' ? change.object.metadata.name : change.name
          return `${change.type} ${change.resource} ${of}`
        }),
      )
  const bind = async (name: string, to: string) => {
    await bindPod(cluster.ports, {
      pod: { namespace: 'default', name },
      nodeName: to,
      origin: byAda,
    })
    await cluster.catchUp()
  }
  return { ...cluster, knowledge, sent, sentTo, bind }
}

test('a node hears of a pod when it is bound to it, with the ConfigMap that the pod names', async () => {
  const { create, catchUp, bind, sentTo } = await watchedCluster()
  await create('configmaps', configMap('settings', {}))
  await create('configmaps', configMap('other', {}))
  await create('pods', podNaming('web', 'settings'))
  await catchUp()
  assert.deepEqual(sentTo('a'), [])
  await bind('web', 'a')
  assert.deepEqual(sentTo('a'), ['Upsert configmaps settings', 'Upsert pods web'])
  assert.deepEqual(sentTo('b'), [])
})

test('a ConfigMap that comes after the pod that names it is told too, and its changes', async () => {
  const { create, catchUp, bind, sentTo } = await watchedCluster()
  await create('pods', podNaming('web', 'late'))
  await catchUp()
  await bind('web', 'a')
  await create('configmaps', configMap('late', {}))
  await catchUp()
  assert.deepEqual(sentTo('a'), ['Upsert pods web', 'Upsert configmaps late'])
})

test('when the last pod that names it is gone, a node forgets a ConfigMap', async () => {
  const { create, catchUp, bind, sentTo, ports } = await watchedCluster()
  await create('configmaps', configMap('settings', {}))
  for (const name of ['one', 'two']) {
    await create('pods', podNaming(name, 'settings'))
    await catchUp()
    await bind(name, 'a')
  }
  const end = async (name: string) => {
    const target = { resource: pods, namespace: 'default', name }
    const { stored } = await deleteObject(ports, { target, origin: byAda })
    await catchUp()
    const about = { namespace: 'default', name, uid: stored.object.metadata.uid ?? '' }
    const report = { type: 'PodGone', ...about, cause: stored.last } as const
    await reportPodGone(ports, { report, origin: byAda })
    await catchUp()
  }
  await end('one')
  assert.ok(!sentTo('a').includes('Remove configmaps settings'))
  await end('two')
  assert.deepEqual(sentTo('a').slice(-2), ['Remove pods two', 'Remove configmaps settings'])
})

test('Services are told once for all nodes, and each wire names the message before', async () => {
  const { create, catchUp, sent, sentTo, knowledge, bind } = await watchedCluster()
  await create('services', service('web'))
  await create('services', service('db'))
  await catchUp()
  assert.deepEqual(sentTo(), ['Upsert services web', 'Upsert services db'])
  const [first, second] = sent
  assert.equal(second?.previous, first?.position)
  assert.equal(knowledge.lastShared, second?.position)
  for (const name of ['one', 'two']) {
    await create('pods', pod(name))
    await catchUp()
    await bind(name, 'b')
  }
  const own = sent.filter(({ node }) => node === 'b')
  assert.equal(own[1]?.previous, own[0]?.position)
  assert.equal(knowledge.last('b'), own[1]?.position)
  assert.equal(knowledge.lastShared, second?.position)
})

test('a pod that names what no node can be called reaches no wire', async () => {
  const { create, catchUp, bind, sent } = await watchedCluster()
  await create('pods', podNaming('odd', 'settings'))
  await catchUp()
  await bind('odd', 'x\r\nPUB events.pods 0')
  assert.deepEqual(sent, [])
})

test('a read holds the own Node, its pods and what they name; another what everyone knows', async () => {
  const { create, catchUp, bind, knowledge } = await watchedCluster()
  await create('configmaps', configMap('settings', {}))
  await create('configmaps', configMap('other', {}))
  await create('services', service('web'))
  await create('pods', podNaming('mine', 'settings'))
  await create('pods', podNaming('hers', 'other'))
  await catchUp()
  await bind('mine', 'a')
  await bind('hers', 'b')
  const names = (upserts: readonly NodeUpsert[]) =>
    upserts.map(({ resource, object }) => `${resource} ${object.metadata.name}`)
  assert.deepEqual(names(knowledge.readOwn('a')), ['nodes a', 'configmaps settings', 'pods mine'])
  const shared = ['services web', 'nodes/place a', 'nodes/place b']
  assert.deepEqual(names(knowledge.readShared()), shared)
})

test('an edge hears of the Secrets that Ingresses name for TLS; no other node does', async () => {
  const { create, catchUp, sentTo, knowledge, ports, objects } = await watchedCluster()
  const change = async (
    resource: Resource,
    name: string,
    to: (object: KubernetesObject) => object,
  ) => {
    const namespace = resource.namespaced ? 'default' : ''
    const target = { resource, namespace, name }
    await changeObject(ports, {
      target,
      change: (object) => ({ ...object, ...to(object) }),
      origin: byAda,
    })
    await catchUp()
  }
  const label = (text: string | undefined) =>
    change(nodes, 'a', ({ metadata }) => ({
      metadata: { ...metadata, labels: text === undefined ? {} : { 'reckon.dev/edge': text } },
    }))
  const tls = (...names: string[]) => names.map((secretName) => ({ secretName }))
  const backend = { service: { name: 'web', port: { number: 80 } } }
  const spec = (...names: string[]) => ({ defaultBackend: backend, tls: tls(...names) })
  const about = (node: string) => sentTo(node).filter((text) => text.includes(' secrets '))
  for (const name of ['one', 'two']) await create('secrets', secret(name, {}))
  await create('ingresses.networking.k8s.io', {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: { name: 'web', namespace: 'default' },
    ...{ spec: spec('one') },
  })
  await catchUp()
  assert.deepEqual([about('a'), knowledge.secret('a', 'default', 'one')], [[], undefined])
  await label('true')
  assert.deepEqual(about('a'), ['Upsert secrets one'])
  assert.equal(knowledge.secret('a', 'default', 'one')?.metadata.name, 'one')
  assert.equal(knowledge.secret('a', 'default', 'two'), undefined)
  await change(ingresses, 'web', () => ({ spec: spec('two', 'late') }))
  assert.deepEqual(about('a').slice(1), ['Upsert secrets two', 'Remove secrets one'])
  await create('secrets', secret('late', {}))
  await catchUp()
  assert.deepEqual(about('a').slice(3), ['Upsert secrets late'])
  assert.deepEqual(
    new NodeKnowledge(objects).readOwn('a').map(({ object }) => object.metadata.name),
    knowledge.readOwn('a').map(({ object }) => object.metadata.name),
  )
  await label('false')
  assert.deepEqual(about('a').slice(4), ['Remove secrets two', 'Remove secrets late'])
  assert.equal(knowledge.secret('a', 'default', 'two'), undefined)
  assert.deepEqual(about('b'), [])
})

test('a node hears of the claims of its pods with their volumes, of what it is to make, and of what was made there', async () => {
  const { create, catchUp, bind, sentTo, knowledge, ports } = await watchedCluster()
  const annotations = {
    'volume.kubernetes.io/selected-node': 'a',
    'volume.kubernetes.io/storage-provisioner': 'reckon.dev/local',
  }
  await create('persistentvolumeclaims', {
    ...{ apiVersion: 'v1', kind: 'PersistentVolumeClaim' },
    metadata: { namespace: 'default', name: 'data', annotations },
    spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
  })
  await catchUp()
  assert.deepEqual(sentTo('a'), ['Upsert persistentvolumeclaims data'])
  await create('persistentvolumes', {
    ...{ apiVersion: 'v1', kind: 'PersistentVolume' },
    metadata: {
      name: 'pv',
      annotations: {
        'pv.kubernetes.io/provisioned-by': 'reckon.dev/local',
        'reckon.dev/node': 'a',
      },
    },
    spec: {
      ...{ accessModes: ['ReadWriteOnce'], capacity: { storage: '1Gi' } },
      hostPath: { path: '/data' },
    },
  })
  const claims = { resource: persistentVolumeClaims, namespace: 'default', name: 'data' }
  await changeObject(ports, {
    target: claims,
    change: (claim) => ({ ...claim, spec: { ...claim.spec, volumeName: 'pv' } }),
    origin: byAda,
  })
  await catchUp()
  assert.deepEqual(sentTo('a').slice(1), [
    'Upsert persistentvolumes pv',
    'Remove persistentvolumeclaims data',
  ])

  const claimed = { name: 'v', persistentVolumeClaim: { claimName: 'data' } }
  const named = pod('web') as Pod
  await create('pods', { ...named, spec: { ...named.spec, volumes: [claimed] } })
  await catchUp()
  await bind('web', 'b')
  const told = ['persistentvolumes pv', 'persistentvolumeclaims data', 'pods web']
  assert.deepEqual(
    sentTo('b'),
    told.map((each) => `Upsert ${each}`),
  )
  const read = knowledge
    .readOwn('b')
    .map(({ resource, object }) => `${resource} ${object.metadata.name}`)
  assert.deepEqual(new Set(read), new Set(['nodes b', ...told]))
  const { stored } = await deleteObject(ports, {
    target: { resource: pods, namespace: 'default', name: 'web' },
    origin: byAda,
  })
  const about = { namespace: 'default', name: 'web', uid: stored.object.metadata.uid ?? '' }
  await reportPodGone(ports, {
    report: { type: 'PodGone', ...about, cause: stored.last },
    origin: byAda,
  })
  await catchUp()
  assert.deepEqual(new Set(sentTo('b').slice(-3)), new Set(told.map((each) => `Remove ${each}`)))
})
