import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { get, openCluster, type TestCluster, until } from './cluster.ts'

type PodObject = {
  metadata: { uid: string }
  status: {
    podIP: string
    containerStatuses?: { restartCount: number; ready: boolean; containerID: string }[]
  }
}

const manifest = `
apiVersion: v1
kind: Pod
metadata: { name: diary }
spec:
  terminationGracePeriodSeconds: 1
  containers:
  - name: c
    image: busybox
    command: [sh, -c, 'echo start >> /diary/lines; exec sleep 3600']
    volumeMounts: [{ name: diary, mountPath: /diary }]
  volumes: [{ name: diary, emptyDir: {} }]
---
apiVersion: v1
kind: Pod
metadata: { name: web, labels: { app: web } }
spec:
  terminationGracePeriodSeconds: 1
  containers: [{ name: c, image: busybox, command: [httpd, -f, -p, '80', -h, /etc] }]
---
apiVersion: v1
kind: Service
metadata: { name: web }
spec: { type: NodePort, selector: { app: web }, ports: [{ port: 80, nodePort: 30180 }] }
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: web }
spec: { defaultBackend: { service: { name: web, port: { number: 80 } } } }
`

let cluster: TestCluster
before(async () => {
  cluster = await openCluster('restart')
  await cluster.up()
  await cluster.apply(manifest)
  await cluster.kubectl('wait', 'pod/diary', 'pod/web', '--for=condition=Ready', '--timeout=60s')
})
after(() => cluster?.reset())

const readPod = () => cluster.json<PodObject>('get', 'pod', 'diary')

/** What the pod has written, read in its running container. */
async function diary(): Promise<string> {
  const running = await cluster.docker.listContainers({
    filters: { label: ['reckon.pod.name=diary', 'reckon.container=c'] },
  })
  const container = cluster.docker.getContainer(running[0]?.Id ?? '')
  const exec = await container.exec({ Cmd: ['cat', '/diary/lines'], AttachStdout: true })
  const stream = await exec.start({})
  const parts: Buffer[] = []
  for await (const part of stream) parts.push(part as Buffer)
  return Buffer.concat(parts)
    .toString()
    .replaceAll(/[^a-z]+/g, ' ')
    .trim()
}

/** Asks for a page again and again; what fails is told with what was killed last. */
function askOnAndOn(port: number) {
  const failed: string[] = []
  let [killed, isOver] = ['none', false]
  const answers = async () => (await get(`http://127.0.0.1:${port}/passwd`)).code === 200
  const asking = (async () => {
    for (; !isOver; await sleep(20)) if (!(await answers())) failed.push(killed)
  })()
  return {
    failed,
    answers,
    isKilled: (name: string) => {
      killed = name
    },
    end: () => {
      isOver = true
      return asking
    },
  }
}

test('every process that is killed comes back and goes on, and no request fails but by the death of Envoy itself', async () => {
  const [node, ingress] = [30180, cluster.readCluster().ports.ingressHttp].map(askOnAndOn)
  assert.ok(node && ingress)
  const bothAnswer = async () => (await node.answers()) && (await ingress.answers())
  await until('both are led to the pod', bothAnswer)
  for (const { failed } of [node, ingress]) failed.length = 0
  const { processes } = await cluster.status()
  for (const { name, pid } of processes) {
    assert.ok(pid, `${name} runs`)
    for (const { isKilled } of [node, ingress]) isKilled(name)
    process.kill(pid, 'SIGKILL')
    await until(`${name} is back`, async () => {
      const found = (await cluster.status()).processes.find((process) => process.name === name)
      return found?.pid !== undefined && found.pid !== pid && /Ready|Running/.test(found.state)
    })
    await until(`pods are reached after ${name}`, bothAnswer)
  }
  await Promise.all([node.end(), ingress.end()])
  assert.deepEqual(node.failed, [])
  assert.deepEqual(
    ingress.failed.filter((name) => name !== 'envoy'),
    [],
  )
  const name = `after-${processes.length}`
  await until('writes are accepted again', () =>
    cluster
      .kubectl('create', 'configmap', name, '--from-literal=a=b', '--dry-run=client')
      .then(async () =>
        cluster
          .apply(`{apiVersion: v1, kind: ConfigMap, metadata: {name: ${name}}, data: {a: b}}`)
          .then(
            () => true,
            () => false,
          ),
      ),
  )
  const pod = await readPod()
  assert.equal(pod.status.containerStatuses?.[0]?.restartCount, 0, 'the pod ran through it all')
})

test('the event store killed while clients write: nothing acknowledged is gone', async () => {
  const acknowledged: string[] = []
  let writing = true
  const writer = (async () => {
    for (let n = 0; writing; n++) {
      const name = `kept-${n}`
      const manifest = `{apiVersion: v1, kind: ConfigMap, metadata: {name: ${name}}}`
      const done = await cluster.apply(manifest).then(
        () => true,
        () => false,
      )
      if (done) acknowledged.push(name)
    }
  })()
  for (let kill = 0; kill < 3; kill++) {
    const before = acknowledged.length
    await until('some were acknowledged', () => acknowledged.length > before + 2)
    const { processes } = await cluster.status()
    const store = processes.find(({ name }) => name === 'event-store')
    if (store?.pid) process.kill(store.pid, 'SIGKILL')
  }
  writing = false
  await writer
  const listed = await cluster.kubectl('get', 'configmaps', '-o', 'name')
  for (const name of acknowledged) assert.ok(listed.includes(`configmap/${name}\n`), name)
})

test('the supervisor killed: the rest goes on, and the next up adopts it', async () => {
  const earlier = await cluster.status()
  assert.ok(earlier.supervisor)
  process.kill(earlier.supervisor, 'SIGKILL')
  await until('no supervisor is left', async () => !(await cluster.status()).supervisor)
  await cluster.kubectl('get', 'pods')
  await cluster.up()
  const later = await cluster.status()
  assert.ok(later.supervisor)
  const pids = (status: typeof later) => status.processes.map(({ name, pid }) => `${name} ${pid}`)
  assert.deepEqual(pids(later), pids(earlier))
})

test('down stops the containers, up starts the same pods again', async () => {
  const earlier = await readPod()
  await cluster.down()
  const stopped = await cluster.containers()
  assert.ok(stopped.length > 0)
  assert.ok(
    stopped.every(({ State }) => State === 'exited'),
    JSON.stringify(stopped),
  )
  await cluster.up()
  await until('the pod runs again', async () => {
    const [status] = (await readPod()).status.containerStatuses ?? []
    return status?.ready === true && status.restartCount === 1
  })
  const later = await readPod()
  assert.equal(later.metadata.uid, earlier.metadata.uid)
  assert.equal(await diary(), 'start start', 'its emptyDir was kept')
})
