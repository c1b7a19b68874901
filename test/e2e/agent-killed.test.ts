import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { isReady, type Pod } from '@reckon/kubernetes'
import { openCluster, type TestCluster, until } from './cluster.ts'

const isLong = process.env.RECKON_TEST_LONG === '1'
const [times, replicas] = isLong ? [20, 50] : [2, 20]
const logLinesShown = 200

let cluster: TestCluster
before(async () => {
  cluster = await openCluster('agent-killed')
  await cluster.up()
})
after(() => cluster?.reset())

const deployment = (name: string) => `
apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name} }
spec:
  replicas: ${replicas}
  selector: { matchLabels: { app: ${name} } }
  template:
    metadata: { labels: { app: ${name} } }
    spec:
      terminationGracePeriodSeconds: 0
      containers: [{ name: c, image: busybox, imagePullPolicy: IfNotPresent, command: [sleep, '3600'] }]
`

async function killAgent(): Promise<void> {
  let pid: number | undefined
  // One that was killed a moment ago is being started again.
  await until('the agent runs', async () => {
    const { processes } = await cluster.status()
    pid = processes.find(({ name }) => name === 'agent-node-1')?.pid
    return pid !== undefined
  })
  process.kill(pid ?? assert.fail(), 'SIGKILL')
}

/** What runs on the engine, and what is to: each pod's sandbox and its container, once. */
async function containersAndWanted(): Promise<readonly (readonly string[])[]> {
  const { items } = await cluster.json<{ items: Pod[] }>('get', 'pods')
  const wanted = items.flatMap(({ metadata }) => [`${metadata.uid} POD`, `${metadata.uid} c`])
  const found = (await cluster.containers()).map(
    ({ Labels, State }) =>
      `${Labels['reckon.pod.uid']} ${Labels['reckon.container']}${State === 'running' ? '' : ` ${State}`}`,
  )
  return [found.sort(), wanted.sort()]
}

/** What is known of pods that are not ready, for whoever reads why a rollout did not come to its end. */
async function whyUnready(): Promise<string> {
  const { items } = await cluster.json<{ items: Pod[] }>('get', 'pods')
  const names = items.flatMap(({ metadata, status }) => (isReady(status) ? [] : [metadata.name]))
  const pods = names.map((name) => cluster.kubectl('describe', 'pod', name))
  const log = await readFile(join(cluster.dataDir, 'logs', 'agent-node-1.log'), 'utf8')
  return [...(await Promise.all(pods)), ...log.split('\n').slice(-logLinesShown)].join('\n')
}

test(`an agent that is killed amid the start of ${replicas} pods, ${times} times, leaves exactly what is wanted`, async () => {
  await cluster.apply(deployment('many'))
  for (let time = 1; time <= times; time++) {
    const share = (2 * replicas * time) / (times + 1)
    await until(`${share} containers are there`, async () => {
      return (await cluster.containers()).length >= share
    })
    await killAgent()
  }
  await cluster
    .kubectl('rollout', 'status', 'deployment/many', '--timeout=180s')
    .catch(async (cause) => assert.fail(new Error(await whyUnready(), { cause })))
  const [found, wanted] = await containersAndWanted()
  assert.deepEqual(found, wanted)
  const { items } = await cluster.json<{ items: Pod[] }>('get', 'pods')
  const restarts = items.map(({ status }) => status?.containerStatuses?.[0]?.restartCount)
  assert.deepEqual(new Set(restarts), new Set([0]))
})

test('a command ends with all that it began when its client leaves, and when its agent is killed', async () => {
  const { items } = await cluster.json<{ items: Pod[] }>('get', 'pods')
  const [pod] = items
  const labels = [`reckon.pod.uid=${pod?.metadata.uid}`, 'reckon.container=c']
  const [container] = await cluster.docker.listContainers({ filters: { label: labels } })
  const processes = async () => {
    const { Processes } = await cluster.docker.getContainer(container?.Id ?? '').top()
    return Processes.length
  }
  for (const way of ['the client leaves', 'the agent is killed']) {
    const command = ['sh', '-c', 'sleep 1111 & sleep 2222; true']
    const args = ['exec', pod?.metadata.name ?? '', '--', ...command]
    const client = spawn(cluster.kubectlPath, args, { env: cluster.env, stdio: 'ignore' })
    await until('the command runs', async () => (await processes()) === 4)
    if (way === 'the client leaves') client.kill('SIGKILL')
    else await killAgent()
    await until(`all of it is gone once ${way}`, async () => (await processes()) === 1)
    client.kill('SIGKILL')
  }
})
