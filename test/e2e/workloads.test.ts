import assert from 'node:assert/strict'
import { rename } from 'node:fs/promises'
import { after, before, test } from 'node:test'
import { conditionOf, type Namespace, type Pod } from '@reckon/kubernetes'
import { openApi } from './ask-api.ts'
import { openCluster, type TestCluster, until } from './cluster.ts'
import { untilQuiet } from './views.ts'

const isLong = process.env.RECKON_TEST_LONG === '1'
const soon = '--timeout=60s'

type Listed = { items: object[] }

let cluster: TestCluster
before(async () => {
  cluster = await openCluster('workloads')
  await cluster.up('--runtime', 'simulated', '--nodes', '2', '--replicas', 'api=2')
})
after(() => cluster?.reset())

test('each kind of the examples comes true, and its columns say so', async () => {
  await cluster.kubectl('apply', '-f', 'examples/workloads')
  const wait = (what: string, path: string, value: string) =>
    cluster.kubectl('wait', what, `--for=jsonpath={${path}}=${value}`, soon)
  await cluster.kubectl('rollout', 'status', 'statefulset/db', soon)
  await cluster.kubectl('rollout', 'status', 'daemonset/log', soon)
  await cluster.kubectl('wait', 'deployment/web', '--for=condition=Available', soon)
  await wait('statefulset/db', '.status.readyReplicas', '3')
  await wait('daemonset/log', '.status.numberReady', '2')
  await wait('pdb/web', '.status.disruptionsAllowed', '1')
  await wait('rs/cache', '.status.readyReplicas', '2')
  await wait('rc/nginx', '.status.readyReplicas', '2')
  await wait('job/sum', '.status.active', '2')
  await cluster.kubectl('create', 'job', 'now', '--from=cronjob/hello')
  await wait('job/now', '.status.active', '1')
  const rows: readonly [kind: string, row: RegExp][] = [
    ['statefulset', /^db +3\/3 +[\dms]+$/m],
    ['daemonset', /^log +2 +2 +2 +2 +2 +<none> +[\dms]+$/m],
    ['rc', /^nginx +2 +2 +2 +[\dms]+$/m],
    ['job/sum', /^sum +Running +0\/3 +[\dms]+ +[\dms]+$/m],
    ['cronjob', /^hello +\* \* \* \* \* +Europe\/Berlin +False +\d +\S+ +[\dms]+$/m],
    ['deployment', /^web +2\/2 +2 +2 +[\dms]+$/m],
    ['rs/cache', /^cache +2 +2 +2 +[\dms]+$/m],
    ['pdb', /^web +1 +N\/A +1 +[\dms]+$/m],
    ['podtemplate', /^batch +batch +busybox:1\.36 +app=batch/m],
    ['controllerrevision', /^db-\w+ +statefulset\.apps\/db +1 +[\dms]+$/m],
    ['pods', /^db-2 +1\/1 +Running +0 +[\dms]+$/m],
  ]
  for (const [kind, row] of rows) assert.match(await cluster.kubectl('get', kind), row)
  // While it is there, the CronJob's own ones may not begin beside it.
  await cluster.kubectl('delete', 'job', 'now')
})

test('a controller that may not make pods says so where kubectl looks', async () => {
  await cluster.apply(`
apiVersion: apps/v1
kind: Deployment
metadata: { name: refused }
spec:
  selector: { matchLabels: { app: refused } }
  template:
    metadata: { labels: { app: refused } }
    spec: { priorityClassName: none-such, containers: [{ name: c, image: i }] }
`)
  await cluster.kubectl('wait', 'deployment/refused', '--for=condition=ReplicaFailure', soon)
  const told = /Warning +FailedCreate .*replicaset-controller +Error creating: pods "refused-/
  await until('the event is told', async () =>
    told.test(await cluster.kubectl('describe', 'rs', '-l', 'app=refused')),
  )
  await cluster.kubectl('delete', 'deployment', 'refused')
})

test('a namespace with 500 objects ends; one that a finalizer holds says so, and its name is the next one’s once it has ended', async () => {
  await cluster.kubectl('create', 'namespace', 'full')
  const api = openApi(cluster.dataDir)
  const path = '/api/v1/namespaces/full/configmaps'
  const created = Array.from({ length: 500 }, (_, index) =>
    api.ask('POST', path, { metadata: { name: `item-${index}` } }),
  )
  for (const { code, body } of await Promise.all(created)) assert.equal(code, 201, body)
  api.close()
  await cluster.kubectl('delete', 'namespace', 'full', soon)

  await cluster.kubectl('create', 'namespace', 'held')
  const metadata = 'metadata: { name: item, namespace: held, finalizers: [team.example/hold] }'
  await cluster.apply(`\napiVersion: v1\nkind: ConfigMap\n${metadata}\n`)
  await cluster.kubectl('delete', 'namespace', 'held', '--wait=false')
  const type = 'NamespaceFinalizersRemaining'
  await cluster.kubectl('wait', 'namespace/held', `--for=condition=${type}`, soon)
  const held = await cluster.json<Namespace>('get', 'namespace', 'held')
  assert.equal(
    conditionOf(held.status, type)?.message,
    'Some content in the namespace has finalizers remaining: team.example/hold in 1 resource instances',
  )
  const create = () => cluster.kubectl('create', 'namespace', 'held')
  await assert.rejects(create, /object is being deleted: namespaces "held" already exists/)
  const freed = '{"metadata":{"finalizers":null}}'
  await cluster.kubectl('patch', 'cm', 'item', '-n', 'held', '--type=merge', '-p', freed)
  await until('its name is free', () =>
    create().then(
      () => true,
      () => false,
    ),
  )
  await cluster.kubectl('create', 'configmap', 'item', '-n', 'held')
  await untilQuiet(cluster.dataDir)
  assert.match(await cluster.kubectl('get', 'configmaps', '-n', 'held'), /^item /m)
  await cluster.kubectl('delete', 'namespace', 'held', soon)
})

test('of 200 pods that are created at once by two apis a quota of 50 lets 50 through', async () => {
  await cluster.kubectl('create', 'namespace', 'bounded')
  await cluster.kubectl('create', 'quota', 'few', '-n', 'bounded', '--hard=pods=50')
  const api = openApi(cluster.dataDir)
  const pod = (name: string) => ({
    metadata: { name },
    spec: { containers: [{ name: 'c', image: 'i' }] },
  })
  const created = await Promise.all(
    Array.from({ length: 200 }, (_, index) =>
      api.ask('POST', '/api/v1/namespaces/bounded/pods', pod(`pod-${index}`)),
    ),
  )
  api.close()
  const byCode = Map.groupBy(created, ({ code }) => code)
  const counts = Object.fromEntries(Array.from(byCode, ([code, all]) => [code, all.length]))
  assert.deepEqual(counts, { 201: 50, 403: 150 })
  assert.match(
    byCode.get(403)?.[0]?.body ?? '',
    /pods \\"pod-\d+\\" is forbidden: exceeded quota: few, requested: pods=1, used: pods=50, limited: pods=50/,
  )
  const isTold = '--for=jsonpath={.status.used.pods}=50'
  await cluster.kubectl('wait', '-n', 'bounded', 'quota/few', isTold, soon)
  const described = await cluster.kubectl('describe', 'quota', 'few', '-n', 'bounded')
  assert.match(described, /^pods +50 +50$/m)
  await cluster.kubectl('delete', 'namespace', 'bounded', soon)
})

test('a node is drained within the budget, and its pods run elsewhere', async () => {
  await cluster.kubectl('create', 'deployment', 'drained', '--image=web:1', '--replicas=4')
  await cluster.kubectl('create', 'pdb', 'drained', '--selector=app=drained', '--min-available=3')
  await cluster.kubectl('rollout', 'status', 'deployment/drained', soon)
  await cluster.kubectl('drain', 'node-2', '--ignore-daemonsets', '--force', soon)
  await cluster.kubectl('rollout', 'status', 'deployment/drained', soon)
  const { items } = await cluster.json<{ items: Pod[] }>('get', 'pods', '-l', 'app=drained')
  assert.deepEqual(new Set(items.map(({ spec }) => spec.nodeName)), new Set(['node-1']))
  await cluster.kubectl('uncordon', 'node-2')
  await cluster.kubectl('delete', 'deployment,pdb', 'drained')
})

test('a pod whose volume lies on one node waits for that node, and runs nowhere else', async () => {
  const [pod, path] = ['pod/kept-0', '{.spec.nodeName}']
  await cluster.apply(`
apiVersion: apps/v1
kind: StatefulSet
metadata: { name: kept }
spec:
  selector: { matchLabels: { app: kept } }
  template:
    metadata: { labels: { app: kept } }
    spec:
      terminationGracePeriodSeconds: 0
      containers: [{ name: c, image: i, volumeMounts: [{ name: data, mountPath: /data }] }]
  volumeClaimTemplates:
    - metadata: { name: data }
      spec: { accessModes: [ReadWriteOnce], resources: { requests: { storage: 1Mi } } }
`)
  await cluster.kubectl('rollout', 'status', 'statefulset/kept', soon)
  const node = await cluster.kubectl('get', pod, '-o', `jsonpath=${path}`)
  await cluster.kubectl('cordon', node)
  await cluster.kubectl('delete', pod)
  await cluster.kubectl('wait', pod, '--for=condition=PodScheduled=False', soon)
  const why =
    /0\/2 nodes are available: 1 node\(s\) .*volume node affinity.*, 1 node\(s\) were unschedulable/
  await until('it says why', async () => why.test(await cluster.kubectl('describe', pod)))
  await cluster.kubectl('uncordon', node)
  await cluster.kubectl('wait', pod, '--for=condition=Ready', soon)
  assert.equal(await cluster.kubectl('get', pod, '-o', `jsonpath=${path}`), node)
  await cluster.kubectl('delete', 'statefulset/kept', 'pvc/data-kept-0', soon)
})

test('a CronJob has its minute', { skip: !isLong }, async () => {
  const isDue = '--for=jsonpath={.status.lastScheduleTime}'
  await cluster.kubectl('wait', 'cronjob/hello', isDue, '--timeout=90s')
})

test('all of the examples go without a trace', async () => {
  await cluster.kubectl('delete', '-f', 'examples/workloads')
  await until('nothing is left', async () => {
    const { items } = await cluster.json<Listed>('get', 'pods,jobs,controllerrevisions')
    return items.length === 0
  })
})

test('a copy that is made while clients write starts in place of the cluster, with all that was acknowledged before', async () => {
  await cluster.kubectl('create', 'secret', 'generic', 'login', '--from-literal=password=s3cret')
  await cluster.kubectl('create', 'deployment', 'kept', '--image=web:1')
  await cluster.kubectl('rollout', 'status', 'deployment/kept', soon)
  const uidsOfPods = async () => {
    const { items } = await cluster.json<{ items: Pod[] }>('get', 'pods', '-l', 'app=kept')
    return items.map(({ metadata }) => metadata.uid)
  }
  const earlier = await uidsOfPods()
  const copy = `${cluster.dataDir}-copy`
  const backup = cluster.reckon('backup', copy, '--data-dir', cluster.dataDir)
  const api = openApi(cluster.dataDir)
  const path = '/api/v1/namespaces/default/configmaps'
  const write = (name: string) => api.ask('POST', path, { metadata: { name } })
  const writes = Array.from({ length: 100 }, (_, index) => write(`meanwhile-${index}`))
  for (const { code, body } of await Promise.all(writes)) assert.equal(code, 201, body)
  assert.match(await backup, /events, up to position \d+, are in /)
  await write('afterwards')
  await cluster.kubectl('delete', 'secret', 'login')
  api.close()

  await cluster.reset()
  await rename(copy, cluster.dataDir)
  await cluster.up()
  await cluster.kubectl('rollout', 'status', 'deployment/kept', soon)
  assert.deepEqual(await uidsOfPods(), earlier)
  assert.ok(!(await cluster.kubectl('get', 'configmaps', '-o', 'name')).includes('afterwards'))
  const password = ['-o', 'jsonpath={.data.password}']
  assert.equal(atob(await cluster.kubectl('get', 'secret', 'login', ...password)), 's3cret')
  await cluster.kubectl('create', 'configmap', 'and-on')
})
