import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { openCluster, type TestCluster, until } from './cluster.ts'

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
`

let cluster: TestCluster
before(async () => {
  cluster = await openCluster('restart')
  await cluster.up()
  await cluster.apply(manifest)
  await cluster.kubectl('wait', 'pod/diary', '--for=condition=Ready', '--timeout=60s')
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
