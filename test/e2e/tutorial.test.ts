import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { get, openCluster, type TestCluster, until } from './cluster.ts'
import { followReadme } from './follow-readme.ts'

const page = /Hello World by (\S+) from .* (\d+) /

type ServiceObject = { spec: { clusterIP: string; ports: { nodePort: number }[] } }

let cluster: TestCluster
before(async () => {
  cluster = await openCluster('tutorial')
  await cluster.up()
  await cluster.kubectl('apply', '-f', 'examples/docker2istio')
  const available = ['wait', 'deployment', '--all', '--for=condition=Available', '--timeout=60s']
  await cluster.kubectl(...available)
})
after(() => cluster?.reset())

test('the example counts visits through redis, by node port, by hostname and by address', async () => {
  const service = await cluster.json<ServiceObject>('get', 'service', 'nginx')
  const [port] = service.spec.ports
  const { ingressHttp } = cluster.readCluster().ports
  const ways = [
    () => get(`http://127.0.0.1:${port?.nodePort}/`),
    () => get(`http://127.0.0.1:${ingressHttp}/`, 'docker2istio.localhost'),
    () => get(`http://${service.spec.clusterIP}/`),
  ]
  let visits = 0
  for (const visit of ways) {
    await until('it leads to nginx', async () => (await visit()).code === 200)
    const { code, body } = await visit()
    assert.equal(code, 200)
    const [, , count] = page.exec(body) ?? []
    assert.ok(Number(count) > visits, `${body} counts on after ${visits}`)
    visits = Number(count)
  }
  const elsewhere = await get(`http://127.0.0.1:${ingressHttp}/`, 'unknown.localhost')
  assert.equal(elsewhere.code, 404)
})

test('kubectl shows everything with its wide columns', async () => {
  const shown = await cluster.kubectl('get', 'deploy,rs,pods,svc,ingress,nodes', '-o', 'wide')
  for (const name of ['deployment.apps/flaskapp', 'service/nginx', 'node/node-1', 'docker2istio']) {
    assert.ok(shown.includes(name), `${name} in\n${shown}`)
  }
  assert.match(await cluster.kubectl('describe', 'pods'), /Node: +node-1/)
})

test('a Secret reaches its pod, as a variable and as a file, and nothing of it is in the log', async () => {
  const value = 'correct-horse-battery'
  await cluster.apply(`
apiVersion: v1
kind: Secret
metadata: { name: token }
stringData: { token: ${value} }
---
apiVersion: v1
kind: Pod
metadata: { name: keeper }
spec:
  terminationGracePeriodSeconds: 0
  containers:
  - name: c
    image: busybox
    command: [sh, -c, 'echo $TOKEN; echo $(cat /token/token); exec sleep 3600']
    env: [{ name: TOKEN, valueFrom: { secretKeyRef: { name: token, key: token } } }]
    volumeMounts: [{ name: token, mountPath: /token }]
  volumes: [{ name: token, secret: { secretName: token } }]
`)
  await cluster.kubectl('wait', 'pod/keeper', '--for=condition=Ready', '--timeout=30s')
  const labels = ['reckon.pod.name=keeper', 'reckon.container=c']
  const [container] = await cluster.docker.listContainers({ filters: { label: labels } })
  await until('the pod has said it both ways', async () => {
    const said = await cluster.docker.getContainer(container?.Id ?? '').logs({ stdout: true })
    return said.toString().split(value).length === 3
  })
  const log = await cluster.reckon('log', '-o', 'json')
  assert.ok(!log.includes(value) && !log.includes(btoa(value)))
  await cluster.kubectl('delete', 'pod/keeper', 'secret/token')
})

test('each container start leads back to the kubectl apply that caused it', async () => {
  const log = await cluster.reckon('log', '-o', 'json')
  const events = log
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line))
  const byId = new Map(events.map((event) => [event.id, event]))
  const started = events.find(
    ({ type, stream }) => type === 'PodStarted' && stream.startsWith('pods-default/redis'),
  )
  const chain: string[] = []
  for (let event = started; event; event = byId.get(event.metadata.$causationId)) {
    chain.unshift(event.type)
    assert.equal(event.metadata.$correlationId, started.metadata.$correlationId)
  }
  assert.deepEqual(chain, [
    'DeploymentCreated',
    'ReplicaSetCreated',
    'PodCreated',
    'PodScheduled',
    'PodStarted',
  ])
})

test('its README, command by command, prints what it tells, and Docker has none of its containers left', async () => {
  await cluster.kubectl('delete', '-f', 'examples/docker2istio')
  await followReadme('examples/docker2istio/README.md', cluster)
  await until('no containers are left', async () => (await cluster.containers()).length === 0)
})
