import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import type { Event, Node, Pod, Service } from '@reckon/kubernetes'
import { get, until } from './cluster.ts'
import { JoinedCluster, runOn } from './joined-cluster.ts'
import type { Machine } from './machines.ts'
import { account, openPrivateRegistry } from './private-registry.ts'

/** Where w1 is reached once it has moved. */
const elsewhere = '10.210.0.77'
/** What pipes, the wire and its programs may hold between them of an upload that nobody reads. */
const heldBytesMax = 64 * 1024 * 1024

const whoAsks = `
import http.server
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(self.client_address[0].encode())
http.server.HTTPServer(('', 8000), Handler).serve_forever()
`
const pod = (name: string, node: string) => `
apiVersion: v1
kind: Pod
metadata: { name: ${name}, labels: { app: ${name} } }
spec:
  terminationGracePeriodSeconds: 0
  nodeSelector: { kubernetes.io/hostname: ${node} }
  containers:
    - { name: c, image: 'flaskapp:0.0.2', command: [python3, -c, ${JSON.stringify(whoAsks)}] }
---
`
const service = `
apiVersion: v1
kind: Service
metadata: { name: there }
spec:
  type: LoadBalancer
  externalTrafficPolicy: Local
  selector: { app: there }
  ports: [{ port: 8088, targetPort: 8000 }]
`

let joined: JoinedCluster
let machine: Machine
let kubectl: (...args: string[]) => Promise<string>
before(async () => {
  joined = await JoinedCluster.open('reached')
  kubectl = joined.cluster.kubectl
  machine = await joined.join('w1')
  await joined.cluster.apply(pod('here', 'node-1') + pod('there', 'w1') + service)
  await kubectl('wait', 'pods', '--all', '--for=condition=Ready', '--timeout=60s')
})
after(() => joined?.close())

const podOf = (name: string) => joined.cluster.json<Pod>('get', 'pod', name)

/** What a machine's own program is answered, 'refused' where it is; not a word tells of where it was answered. */
const askFrom = (from: Machine, url: string) =>
  runOn(from, 'curl', '-s', '--max-time', '5', url).catch(() => 'refused')

test('a machine that has joined pulls from a private registry on another one by a secret of the pod, and not without', async (t) => {
  const folder = join(joined.cluster.dataDir, 'private')
  const registry = await openPrivateRegistry(folder, joined.lab.address)
  t.after(() => registry.close())
  const { host } = registry
  const shown = Object.entries({ server: host, ...account })
  const key = shown.map(([name, value]) => `--docker-${name}=${value}`)
  await kubectl('create', 'secret', 'docker-registry', 'key', ...key)
  const pulling = (name: string, more = '') => `
apiVersion: v1
kind: Pod
metadata: { name: ${name} }
spec:
  restartPolicy: Never
  nodeSelector: { kubernetes.io/hostname: w1 }${more}
  containers: [{ name: c, image: ${host}/library/busybox, command: ['true'] }]
---
`
  await joined.cluster.apply(pulling('unknown'))
  await until('it is refused', async () => {
    const of = ['--field-selector', 'involvedObject.name=unknown']
    const { items } = await joined.cluster.json<{ items: Event[] }>('get', 'events', ...of)
    return items.some(({ message = '' }) => /no basic auth credentials/.test(message))
  })
  await joined.cluster.apply(pulling('known', '\n  imagePullSecrets: [{ name: key }]'))
  const succeeded = '--for=jsonpath={.status.phase}=Succeeded'
  await kubectl('wait', 'pod/known', succeeded, '--timeout=60s')
  await kubectl('delete', 'pod', 'known', 'unknown')
})

test('where traffic from outside stays on its machine, a machine with a pod answers who asks, another none, and balancers hear which', async () => {
  const { spec } = await joined.cluster.json<Service>('get', 'service', 'there')
  const nodePort = spec.ports?.[0]?.nodePort
  const { address } = joined.lab
  const [withPod, without] = [machine.address, address]
  await until('who asks is seen', async () => {
    return (await get(`http://${withPod}:${nodePort}/`)).body === address
  })
  assert.equal(await askFrom(machine, `http://${without}:${nodePort}/`), 'refused')
  const told = async (at: string) => (await get(`http://${at}:${spec.healthCheckNodePort}/`)).code
  assert.deepEqual([await told(withPod), await told(without)], [200, 503])
})

test('an upload to a pod of another machine that nobody reads is held back, and holds up no other', async (t) => {
  const args = ['exec', '-i', 'there', '--', 'sleep', '1d']
  const { kubectlPath, env } = joined.cluster
  const upload = spawn(kubectlPath, args, { env, stdio: ['pipe', 'ignore', 'ignore'] })
  const ended = once(upload, 'exit')
  t.after(() => {
    upload.kill()
    return ended
  })
  upload.stdin.on('error', () => {})
  const part = Buffer.alloc(1024 * 1024)
  let [sent, isHeld] = [0, false]
  const send = () => {
    upload.stdin.write(part, () => {
      sent += part.length
      if (sent < heldBytesMax) send()
    })
  }
  send()
  await until('nothing more is taken', async () => {
    const before = sent
    for (let time = 0; time < 5; time++) {
      assert.equal((await kubectl('exec', 'there', '--', 'hostname')).trim(), 'there')
    }
    isHeld = sent > 0 && sent === before
    return isHeld
  })
  assert.ok(sent < heldBytesMax, `${sent} bytes were taken`)
  assert.ok(await joined.isReady('w1'))
})

test('a machine that gets another address is told of there, and its pods, Services and edge are reached', async () => {
  machine.readdress(elsewhere)
  await until('it is told of there', async () => {
    const { status } = await joined.cluster.json<Node>('get', 'node', 'w1')
    const internal = status?.addresses?.find(({ type }) => type === 'InternalIP')
    return internal?.address === elsewhere && (await joined.isReady('w1'))
  })
  const { status } = await podOf('there')
  const [{ spec }, asks] = await Promise.all([
    joined.cluster.json<Service>('get', 'service', 'there'),
    podOf('here'),
  ])
  const read = (url: string) =>
    `import urllib.request as r; print(r.urlopen('${url}', timeout=5).read().decode())`
  const fromPod = (url: string) =>
    kubectl('exec', 'here', '--', 'python3', '-c', read(url)).then(
      (told) => told.trim(),
      () => '',
    )
  await until('its pod is reached by its address', async () => {
    return (await fromPod(`http://${status?.podIP}:8000/`)) === asks.status?.podIP
  })
  assert.equal(await fromPod('http://there:8088/'), asks.status?.podIP)
  const nodePort = spec.ports?.[0]?.nodePort
  assert.equal((await get(`http://${elsewhere}:${nodePort}/`)).body, joined.lab.address)
  await until(
    'pods say where they are',
    async () => (await podOf('there')).status?.hostIP === elsewhere,
  )
})
