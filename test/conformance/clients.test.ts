import assert from 'node:assert/strict'
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { PassThrough } from 'node:stream'
import { after, before, test } from 'node:test'
import {
  CoreV1Api,
  Exec,
  KubeConfig,
  KubernetesObjectApi,
  makeInformer,
  PatchStrategy,
  PortForward,
  type V1ConfigMap,
  type V1Status,
  Watch,
} from '@kubernetes/client-node'
import { informerPath, isClientGoBuilt } from '../client-go.ts'
import { etcdClusters, runEtcdOperator } from './etcd-operator.ts'
import { printedBy, type Shell } from './run-script.ts'
import { startSimulatedCluster } from './simulated-cluster.ts'
import { keepInformed } from './steady-informer.ts'
import { ToldLines } from './told-lines.ts'

const namespace = 'clients'
const config = new KubeConfig()
let started: Awaited<ReturnType<typeof startSimulatedCluster>>
let shell: Shell
let core: CoreV1Api
let objects: KubernetesObjectApi
before(async () => {
  started = await startSimulatedCluster()
  const [first] = await started.shells()
  assert.ok(first)
  shell = first.shell
  config.loadFromFile(started.kubeconfig)
  core = config.makeApiClient(CoreV1Api)
  objects = KubernetesObjectApi.makeApiClient(config)
  await core.createNamespace({ body: { metadata: { name: namespace } } })
})
after(() => started?.stop())

const kubectl = (command: string) => printedBy(`kubectl -n ${namespace} ${command}`, shell)
const configMap = (name: string, k: string) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, namespace },
  data: { k },
})
const apply = (
  object: Parameters<KubernetesObjectApi['patch']>[0],
  manager: string,
  force = false,
) => objects.patch(object, undefined, undefined, manager, force, PatchStrategy.ServerSideApply)

/** An informer of client-node; ended by what it answers. */
async function informerOfNode(told: ToldLines) {
  const informer = makeInformer<V1ConfigMap>(
    config,
    `/api/v1/namespaces/${namespace}/configmaps`,
    () => core.listNamespacedConfigMap({ namespace }),
  )
  const tell = (what: string) => (object: V1ConfigMap) =>
    told.tell(`${what} ${object.metadata?.name} ${object.data?.k ?? ''}`)
  informer.on('add', tell('ADDED'))
  informer.on('update', tell('UPDATED'))
  informer.on('delete', tell('DELETED'))
  return keepInformed(informer)
}

/** The informer of client-go. */
function informerOfGo(told: ToldLines): ChildProcessWithoutNullStreams {
  const child = spawn(informerPath, [started.kubeconfig, namespace])
  createInterface(child.stdout).on('line', (line) => told.tell(line))
  return child
}

test('an informer of client-node hears each change once, across a restart of the api', async (t) => {
  const told = new ToldLines()
  t.after(await informerOfNode(told))
  await changeAcrossRestart('node', [told])
})

test('an informer of client-go hears each change once, across a restart of the api', {
  skip: isClientGoBuilt() ? false : 'needs client-go: `node test/client-go.ts` builds it',
}, async (t) => {
  const told = new ToldLines()
  const child = informerOfGo(told)
  t.after(() => child.kill())
  await told.until('SYNCED')
  await changeAcrossRestart('go', [told])
})

async function changeAcrossRestart(name: string, informers: readonly ToldLines[]): Promise<void> {
  const all = (line: string) => Promise.all(informers.map((told) => told.until(line)))
  const other = `${name}-other`
  await apply(configMap(name, '1'), 'test')
  await all(`ADDED ${name} 1`)
  await apply(configMap(name, '2'), 'test')
  await all(`UPDATED ${name} 2`)
  await started.restartApi()
  await apply(configMap(other, '1'), 'test')
  await apply(configMap(name, '3'), 'test')
  await objects.delete(configMap(other, ''))
  await all(`DELETED ${other} 1`)
  const expected = [
    ...[`ADDED ${name} 1`, `UPDATED ${name} 2`],
    ...[`ADDED ${other} 1`, `UPDATED ${name} 3`, `DELETED ${other} 1`],
  ]
  for (const { lines } of informers) {
    const own = lines.filter((line) => line.split(' ')[1]?.startsWith(name))
    assert.deepEqual(own, expected)
  }
}

test('rollout status of kubectl outlives a restart of the api; wait is asked again where it was refused', async () => {
  await kubectl('create deployment held --image nginx --dry-run=client -o json > held.json')
  const selector = '{"spec":{"template":{"spec":{"nodeSelector":{"held":"no"}}}}}'
  await kubectl(
    `patch -f held.json --local -p '${selector}' -o json | kubectl -n ${namespace} create -f -`,
  )
  const rollout = spawn('kubectl', ['-n', namespace, 'rollout', 'status', 'deployment/held'], {
    env: shell.env,
  })
  const said = new ToldLines()
  createInterface(rollout.stdout).on('line', (line) => said.tell(line))
  const wait = `kubectl -n ${namespace} wait deployment/held --for=condition=Available --timeout=60s`
  const ready = printedBy(`until ${wait}; do :; done`, shell)
  const progress =
    'Waiting for deployment "held" rollout to finish: 0 of 1 updated replicas are available...'
  await said.until(progress)
  await started.restartApi()
  await kubectl('label node --all held=no')
  await said.until('deployment "held" successfully rolled out')
  assert.match(await ready, /deployment.apps\/held condition met\n$/)
})

test('an operator brings about what its custom resources want', async (t) => {
  await objects.create(etcdClusters)
  await kubectl('wait crd/etcdclusters.etcd.database.coreos.com --for=condition=established')
  const stop = await runEtcdOperator(config, namespace)
  t.after(stop)
  const cluster = (size: number) =>
    `kubectl -n ${namespace} apply -f - <<EOF\n${JSON.stringify({
      apiVersion: 'etcd.database.coreos.com/v1beta2',
      kind: 'EtcdCluster',
      metadata: { name: 'example' },
      spec: { size },
    })}\nEOF`
  const wrong = await printedBy(cluster(0), shell)
  assert.match(wrong, /spec\.size: Invalid value: 0: .* should be greater than or equal to 1/)
  assert.match(await printedBy(cluster(3), shell), /etcdcluster\S+\/example created/)
  const members = (count: number) =>
    kubectl(`wait etcd/example --for=jsonpath='{.status.members}'=${count} --timeout=30s`)
  assert.match(await members(3), /condition met/)
  const ready = await kubectl('wait pod -l etcd_cluster=example --for=condition=Ready')
  assert.equal(ready.match(/pod\/example-\d condition met/g)?.length, 3)
  assert.match(await kubectl('scale etcd/example --replicas=1'), /scaled/)
  assert.match(await members(1), /condition met/)
  await kubectl('delete pod example-0 --wait=false')
  assert.match(await kubectl('get etcd'), /NAME +SIZE +MEMBERS\s+example +1 +[01]/)
  await kubectl('delete etcd example --cascade=foreground')
  assert.equal(await kubectl('get pod -l etcd_cluster=example -o name'), '')
})

test('client-node watches, runs a command, forwards a port, and applies at the server', async () => {
  const told = new ToldLines()
  const watching = await new Watch(config).watch(
    `/api/v1/namespaces/${namespace}/pods`,
    { allowWatchBookmarks: true },
    (phase, { metadata }) => told.tell(`${phase} ${metadata?.name}`),
    () => undefined,
  )
  const spec = { containers: [{ name: 'c', image: 'nginx' }] }
  await objects.create({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'web', namespace },
    spec,
  })
  await told.until('ADDED web')
  watching.abort()
  await kubectl('wait pod/web --for=condition=Ready')

  const output = new PassThrough()
  const command = ['sh', '-c', 'echo hello; exit 3']
  const status = await new Promise<V1Status>((resolve) => {
    const streams = [output, null, null, false] as const
    void new Exec(config).exec(namespace, 'web', 'c', command, ...streams, resolve)
  })
  assert.deepEqual(status.details?.causes, [{ reason: 'ExitCode', message: '3' }])
  assert.equal(output.read()?.toString(), 'hello\n')

  const [input, heard] = [new PassThrough(), new PassThrough()]
  const forward = new PortForward(config)
  const socket = await forward.portForward(namespace, 'web', [80], heard, null, input)
  input.write('ping')
  const [echoed] = await once(heard, 'data')
  assert.equal(String(echoed), 'ping')
  if (typeof socket !== 'function') socket.close()

  await apply(configMap('applied', '1'), 'one')
  const refused = apply(configMap('applied', '2'), 'two')
  await assert.rejects(refused, { code: 409, body: /conflict with \\"one\\": \.data\.k/ })
  const forced = await apply(configMap('applied', '2'), 'two', true)
  assert.deepEqual(
    forced.metadata?.managedFields?.map(({ manager, operation }) => [manager, operation]),
    [['two', 'Apply']],
  )
})
