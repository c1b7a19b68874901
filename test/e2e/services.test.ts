import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { connect } from 'node:net'
import { after, before, test } from 'node:test'
import { promisify } from 'node:util'
import { get, openCluster, type TestCluster, until } from './cluster.ts'

const run = promisify(execFile)

/** A Service and the pods behind it, each of which says its name. */
const manifest = `
apiVersion: apps/v1
kind: StatefulSet
metadata: { name: web }
spec:
  replicas: 3
  serviceName: web
  podManagementPolicy: Parallel
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec:
      terminationGracePeriodSeconds: 0
      containers:
        - name: c
          image: busybox
          command: [sh, -c, 'mkdir /www; hostname > /www/index.html; exec httpd -f -p 8080 -h /www']
          readinessProbe: { tcpSocket: { port: 8080 }, periodSeconds: 1 }
---
apiVersion: v1
kind: Service
metadata: { name: web }
spec: { clusterIP: None, selector: { app: web }, ports: [{ name: http, port: 8080 }] }
---
apiVersion: v1
kind: Service
metadata: { name: front }
spec:
  type: NodePort
  selector: { app: web }
  ports:
    - { name: http, port: 80, targetPort: 8080, nodePort: 30001 }
    - { name: other, port: 81, targetPort: 8080 }
---
apiVersion: v1
kind: Service
metadata: { name: sticky }
spec: { sessionAffinity: ClientIP, selector: { app: web }, ports: [{ port: 80, targetPort: 8080 }] }
---
apiVersion: v1
kind: Service
metadata: { name: balanced }
spec: { type: LoadBalancer, selector: { app: web }, ports: [{ port: 8099, targetPort: 8080 }] }
---
apiVersion: v1
kind: Service
metadata: { name: nobody }
spec: { selector: { app: nobody }, ports: [{ port: 80 }] }
`

type ServiceObject = {
  spec: { clusterIP: string }
  status: { loadBalancer: { ingress?: { ip: string }[] } }
}

const pods = ['web-0', 'web-1', 'web-2']
let cluster: TestCluster
before(async () => {
  cluster = await openCluster('services')
  await cluster.up()
  await cluster.apply(manifest)
  await cluster.kubectl('rollout', 'status', 'statefulset/web', '--timeout=60s')
})
after(() => cluster?.reset())

const addressOf = async (name: string) =>
  (await cluster.json<ServiceObject>('get', 'service', name)).spec.clusterIP
const shell = (pod: string, script: string) =>
  cluster.kubectl('exec', pod, '--', 'sh', '-c', script)

/** Who answered, of so many times. */
async function answers(ask: () => Promise<string>, times = 24): Promise<string[]> {
  const seen = new Set<string>()
  for (let count = 0; count < times; count++) seen.add((await ask()).trim())
  return [...seen].sort()
}
const fromHost = (url: string) => async () => (await get(url)).body
/** Asked many times within one command. */
async function fromPod(pod: string, url: string): Promise<string[]> {
  const asked = `for i in $(seq 24); do timeout 5 wget -qO- ${url} || echo failed; done`
  return [...new Set((await shell(pod, asked)).split('\n').filter(Boolean))].sort()
}

test('from the host by address, by node port and balanced, each of three pods has its share', async () => {
  const address = await addressOf('front')
  // That a pod is ready again after a busy moment reaches the kernel a moment later.
  await until('each pod is asked', async () => {
    const seen = await answers(fromHost(`http://${address}:80/`))
    return pods.every((pod) => seen.includes(pod))
  })
  for (const port of [80, 81]) {
    assert.deepEqual(await answers(fromHost(`http://${address}:${port}/`)), pods, `${port}`)
  }
  assert.deepEqual(await answers(fromHost('http://127.0.0.1:30001/')), pods)
  let ip: string | undefined
  await until('the balanced Service has an address', async () => {
    const { status } = await cluster.json<ServiceObject>('get', 'service', 'balanced')
    ip = status.loadBalancer.ingress?.[0]?.ip
    return ip !== undefined
  })
  assert.deepEqual(await answers(fromHost(`http://${ip}:8099/`)), pods)
})

test('from a pod of its own, by short and long names, by address and by node port', async () => {
  const address = await addressOf('front')
  const { stdout } = await run('ip', ['-4', '-o', 'address', 'show', 'dev', 'reckon0'])
  const host = /inet ([\d.]+)/.exec(stdout)?.[1]
  const urls = [
    'http://front/',
    'http://front.default/',
    'http://front.default.svc.cluster.local/',
    `http://${address}/`,
    `http://${host}:30001/`,
  ]
  for (const url of urls) assert.deepEqual(await fromPod('web-0', url), pods, url)
})

test('the pods of a StatefulSet have names, and a client with session affinity keeps its pod', async () => {
  for (const name of pods) {
    assert.deepEqual(await fromPod('web-1', `http://${name}.web:8080/`), [name])
  }
  const sticky = await addressOf('sticky')
  assert.equal((await answers(fromHost(`http://${sticky}/`))).length, 1)
  assert.equal((await fromPod('web-2', 'http://sticky/')).length, 1)
})

test('a Service without pods, and a port that it has not, are refused at once', async () => {
  const [nobody, front] = [await addressOf('nobody'), await addressOf('front')]
  for (const url of [`http://${nobody}/`, `http://${front}:82/`]) {
    assert.equal(await refusal(url), 'ECONNREFUSED', url)
    assert.match(await shell('web-0', `wget -qO- ${url} 2>&1 || true`), /Connection refused/)
  }
})

test('a pod that is leaving and goes on serving is asked while there is no other', async () => {
  await cluster.apply(`
apiVersion: v1
kind: Pod
metadata: { name: leaving, labels: { app: leaving } }
spec:
  terminationGracePeriodSeconds: 60
  containers:
    - name: c
      image: busybox
      command: [sh, -c, 'trap : TERM; mkdir /www; echo still > /www/index.html; httpd -p 8080 -h /www; while true; do sleep 1; done']
---
apiVersion: v1
kind: Service
metadata: { name: leaving }
spec: { selector: { app: leaving }, ports: [{ port: 80, targetPort: 8080 }] }
`)
  await cluster.kubectl('wait', 'pod/leaving', '--for=condition=Ready', '--timeout=60s')
  const url = `http://${await addressOf('leaving')}/`
  await until('it is asked', async () => (await get(url)).code === 200)
  await cluster.kubectl('delete', 'pod', 'leaving', '--wait=false')
  await until('its endpoint is leaving', async () => {
    const slices = ['get', 'endpointslices', '-l', 'kubernetes.io/service-name=leaving']
    return (await cluster.kubectl(...slices, '-o', 'yaml')).includes('terminating: true')
  })
  assert.deepEqual(await answers(fromHost(url)), ['still'])
  assert.deepEqual(await fromPod('web-0', 'http://leaving/'), ['still'])
  await cluster.kubectl('delete', 'pod', 'leaving', '--grace-period=1')
})

test('a flow of datagrams goes on with another pod when its own is none of the Service any more', async () => {
  const program = (name: string) => `
import socket
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind(('', 53))
while True:
    s.sendto(b'${name}', s.recvfrom(99)[1])
`
  const pod = (name: string) => `
apiVersion: v1
kind: Pod
metadata: { name: ${name}, labels: { app: u } }
spec:
  terminationGracePeriodSeconds: 0
  containers: [{ name: c, image: flaskapp:0.0.2, command: [python3, -c, ${JSON.stringify(program(name))}] }]
---`
  await cluster.apply(`${pod('u1')}${pod('u2')}
apiVersion: v1
kind: Service
metadata: { name: u }
spec: { selector: { app: u }, ports: [{ port: 53, protocol: UDP }] }
`)
  await cluster.kubectl('wait', 'pod/u1', 'pod/u2', '--for=condition=Ready', '--timeout=60s')
  const heard: string[] = []
  const socket = createSocket('udp4').on('message', (said) => heard.push(said.toString()))
  const address = await addressOf('u')
  const asking = setInterval(() => socket.send('?', 53, address), 50)
  try {
    await until('one answers', () => heard.length > 0)
    const [first = ''] = heard
    const other = first === 'u1' ? 'u2' : 'u1'
    await cluster.kubectl('label', 'pod', first, 'app=quarantine', '--overwrite')
    await until('the other one answers', () => heard.at(-1) === other)
    const [before, wanted] = [heard.length, 20]
    await until('it goes on', () => heard.length >= before + wanted)
    assert.deepEqual(new Set(heard.slice(before)), new Set([other]))
  } finally {
    clearInterval(asking)
    socket.close()
  }
  await cluster.kubectl('delete', 'pod', 'u1', 'u2')
})

test('what is not served is refused by name, and a new type drops what it has no use for', async () => {
  const refused = (spec: string) =>
    assert.rejects(
      cluster.apply(`{apiVersion: v1, kind: Service, metadata: {name: x}, spec: ${spec}}`),
    )
  await refused('{clusterIP: 8.8.8.8, ports: [{port: 80}]}')
  await refused('{externalIPs: [8.8.8.8], ports: [{port: 80}]}')
  await refused('{ipFamilies: [IPv6], ports: [{port: 80}]}')
  await refused('{ports: [{port: 80, protocol: SCTP}]}')
  const patch = '{"spec":{"type":"ExternalName","externalName":"web.default.svc.cluster.local"}}'
  await cluster.kubectl('patch', 'service', 'balanced', '-p', patch)
  const { spec, status } = await cluster.json<ServiceObject>('get', 'service', 'balanced')
  assert.equal(spec.clusterIP, undefined)
  await until('it has no address any more', async () => {
    const now = await cluster.json<ServiceObject>('get', 'service', 'balanced')
    return now.status.loadBalancer.ingress === undefined
  })
  assert.ok(status)
})

test('when the cluster is down nothing of it is left in the kernel', async () => {
  await cluster.down()
  const { stdout: tables } = await run('nft', ['list', 'tables'])
  assert.doesNotMatch(tables, /ip reckon/)
  assert.doesNotMatch((await run('iptables', ['-S', 'DOCKER-USER'])).stdout, /reckon/)
  const { stdout: routes } = await run('ip', ['route', 'show'])
  assert.doesNotMatch(routes, /10\.96\./)
})

async function refusal(url: string): Promise<string> {
  const { hostname, port } = new URL(url)
  const socket = connect(Number(port || 80), hostname)
  const [error] = await once(socket, 'error')
  return (error as NodeJS.ErrnoException).code ?? ''
}
