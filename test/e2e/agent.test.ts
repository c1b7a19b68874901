import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import type { Pod } from '@reckon/kubernetes'
import { openCluster, type TestCluster, until } from './cluster.ts'
import { kubectlsOfTests, run } from './kubectl-run.ts'

const kubectls = await kubectlsOfTests()
const root = fileURLToPath(new URL('../../', import.meta.url))
const client = fileURLToPath(import.meta.resolve('@kubernetes/client-node'))

/** What the client library does with nothing but what its pod gives it. */
const script = `
import { CoreV1Api, KubeConfig } from ${JSON.stringify(client)}
const config = new KubeConfig()
config.loadFromCluster()
const api = config.makeApiClient(CoreV1Api)
const { items } = await api.listNamespacedPod({ namespace: 'default' })
console.log(items.map(({ metadata }) => metadata.name).join())
const refusals = [api.listNamespacedSecret({ namespace: 'default' }), api.listNode()]
for (const each of refusals) console.log(await each.then(() => 'allowed', ({ code }) => code))
`

/** The machine's own Node and its libraries, so that no image is needed for one test. */
const mounted = ['/lib', '/lib64', '/usr/lib', root, dirname(process.execPath)]
const named = (path: string) => JSON.stringify(path)
const mounts = mounted
  .map((path, at) => `{ name: m${at}, mountPath: ${named(path)}, readOnly: true }`)
  .join()
const volumes = mounted
  .map((path, at) => `{ name: m${at}, hostPath: { path: ${named(path)} } }`)
  .join()

/** Who asks for nothing gets next to nothing of a busy machine. */
const resources = '{ requests: { cpu: 200m } }'

const manifest = `
apiVersion: v1
kind: ServiceAccount
metadata: { name: reader }
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: { name: reader }
rules: [{ apiGroups: [''], resources: [pods], verbs: [get, list] }]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: { name: reader }
roleRef: { apiGroup: rbac.authorization.k8s.io, kind: Role, name: reader }
subjects: [{ kind: ServiceAccount, name: reader, namespace: default }]
---
apiVersion: v1
kind: Pod
metadata: { name: client }
spec:
  serviceAccountName: reader
  restartPolicy: OnFailure
  containers:
    - name: c
      image: busybox
      command: [${named(process.execPath)}, --input-type=module, -e, ${JSON.stringify(script)}]
      resources: ${resources}
      volumeMounts: [${mounts}]
  volumes: [${volumes}]
---
apiVersion: v1
kind: Pod
metadata: { name: busy }
spec:
  terminationGracePeriodSeconds: 0
  containers:
    - name: spinning
      image: busybox
      command: [sh, -c, 'echo begun; while true; do :; done']
      resources: { limits: { cpu: 300m } }
    - name: filled
      image: busybox
      command: [sh, -c, 'head -c 40000000 /dev/zero > /held/bytes; exec sleep 1000']
      volumeMounts: [{ name: held, mountPath: /held }]
  volumes: [{ name: held, emptyDir: { medium: Memory } }]
`

/** Answers as grpc.health.v1 does: well, until it is told otherwise. */
const health = `
import { createServer } from 'node:http2'
let status = 1
process.on('SIGUSR2', () => { status = 2 })
createServer((request, response) => {
  request.resume()
  response.writeHead(200, { 'content-type': 'application/grpc' })
  response.addTrailers({ 'grpc-status': '0' })
  response.end(Buffer.of(0, 0, 0, 0, 2, 8, status))
}).listen(5000)
`

/** By handler: what a container runs, how it is asked, and what makes it unwell. */
const checks = {
  http: {
    command: ['sh', '-c', 'mkdir /w; touch /w/ok; exec httpd -f -p 8001 -h /w'],
    check: 'httpGet: { path: /ok, port: 8001 }',
    break: 'rm /w/ok',
  },
  tcp: {
    command: ['sh', '-c', 'httpd -p 8002; exec sleep 100000'],
    check: 'tcpSocket: { port: 8002 }',
    break: 'killall httpd',
  },
  exec: {
    command: ['sh', '-c', 'touch /tmp/ok; exec sleep 100000'],
    check: 'exec: { command: [cat, /tmp/ok] }',
    break: 'rm /tmp/ok',
  },
  grpc: {
    command: [process.execPath, '--input-type=module', '-e', health],
    check: 'grpc: { port: 5000 }',
    break: 'kill -USR2 1',
  },
}

const probed = `
apiVersion: v1
kind: Pod
metadata: { name: probed }
spec:
  terminationGracePeriodSeconds: 0
  containers:
${Object.entries(checks)
  .map(
    ([name, { command, check }]) => `
    - name: ${name}
      image: busybox
      command: ${JSON.stringify(command)}
      resources: ${resources}
      startupProbe: { ${check}, periodSeconds: 1, timeoutSeconds: 10, failureThreshold: 60 }
      readinessProbe: { ${check}, periodSeconds: 1, timeoutSeconds: 10, failureThreshold: 1 }
      livenessProbe: { ${check}, periodSeconds: 1, timeoutSeconds: 10, failureThreshold: 2 }
      volumeMounts: [${mounts}]`,
  )
  .join('')}
  volumes: [${volumes}]
`

let cluster: TestCluster
before(async () => {
  cluster = await openCluster('agent')
  await cluster.up()
  await cluster.apply(manifest)
})
after(() => cluster?.reset())

test('a client library in a pod lists what its account may, and gets 403 for the rest', async () => {
  await cluster.kubectl(
    'wait',
    'pod/client',
    '--for=jsonpath={.status.phase}=Succeeded',
    '--timeout=60s',
  )
  assert.equal(await cluster.kubectl('logs', 'client'), 'busy,client\n403\n403\n')
})

test('what a container writes is found where collectors of logs look, until its pod is gone', async () => {
  const logs = join(cluster.dataDir, 'processes', 'agent-node-1', 'logs')
  await cluster.kubectl('wait', 'pod/busy', '--for=condition=Ready', '--timeout=60s')
  const { metadata, status } = await cluster.json<Pod>('get', 'pod', 'busy')
  const [, id] =
    status?.containerStatuses?.find(({ name }) => name === 'spinning')?.containerID?.split('//') ??
    []
  const own = join(logs, 'pods', `default_busy_${metadata.uid}`, 'spinning', '0.log')
  const flat = join(logs, 'containers', `busy_default_spinning-${id}.log`)
  for (const path of [own, flat]) {
    const [line = ''] = readFileSync(path, 'utf8').split('\n')
    assert.equal(JSON.parse(line).log, 'begun\n')
  }
  await cluster.kubectl('delete', 'pod', 'client')
  assert.ok(existsSync(own))
  await until('what led to the logs of the other pod is gone', () => {
    return readdirSync(join(logs, 'pods')).join() === `default_busy_${metadata.uid}`
  })
})

for (const { path, version } of kubectls) {
  test(`kubectl ${version}: top tells what the node, a pod and its containers use`, async () => {
    const top = async (...args: string[]) => {
      const { stdout } = await run(path, ['top', ...args, '--no-headers'], { env: cluster.env })
      return stdout
        .trim()
        .split('\n')
        .map((line) => line.split(/\s+/))
    }
    /**
     * One that spins uses what it may, once it was read over a window of its own; one that fills its memory takes its
     * time.
     */
    await until('what the pod uses is known', async () => {
      const rows = await top('pod', 'busy', '--containers')
      const [, , cpu = ''] = rows.find(([, name]) => name === 'spinning') ?? []
      const [, , , memory = ''] = rows.find(([, name]) => name === 'filled') ?? []
      return Number.parseInt(cpu, 10) >= 100 && Number.parseInt(memory, 10) >= 38
    })
    const rows = await top('pod', 'busy', '--containers')
    const [, , cpu = ''] = rows.find(([, name]) => name === 'spinning') ?? []
    assert.ok(Number.parseInt(cpu, 10) <= 400, cpu)
    const [, , , memory = ''] = rows.find(([, name]) => name === 'filled') ?? []
    assert.match(memory, /^(3[89]|4\d)Mi$/)
    assert.equal((await top('pod'))[0]?.[0], 'busy')
    const [[node, nodeCpu = '', , nodeMemory = ''] = []] = await top('node')
    assert.equal(node, 'node-1')
    assert.ok(Number.parseInt(nodeCpu, 10) > 0 && Number.parseInt(nodeMemory, 10) > 40)
  })
}

test('a container counts as started, as ready and as alive by what each kind of probe hears of it', async () => {
  await cluster.apply(probed)
  await cluster.kubectl('wait', 'pod/probed', '--for=condition=Ready', '--timeout=120s')
  for (const [name, { break: script }] of Object.entries(checks)) {
    await cluster.kubectl('exec', 'probed', '-c', name, '--', 'sh', '-c', script)
  }
  await until('each was ended, started again, and is well', async () => {
    const { containerStatuses = [] } =
      (await cluster.json<Pod>('get', 'pod', 'probed')).status ?? {}
    return containerStatuses.every(({ restartCount, ready }) => restartCount > 0 && ready)
  })
  const label = ['reckon.pod.name=probed']
  const containers = await cluster.docker.listContainers({ all: true, filters: { label } })
  assert.equal(containers.length, 1 + 2 * Object.keys(checks).length)
  const said = await cluster.kubectl('get', 'events', '--field-selector=involvedObject.name=probed')
  for (const probe of ['Liveness', 'Readiness']) assert.match(said, RegExp(`${probe} probe failed`))
})
