import assert from 'node:assert/strict'
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import type { Service } from '@reckon/kubernetes'
import type { RouteAnswer } from '@reckon/routing/formatting'
import { findProcess, layoutOf } from '@reckon/supervisor'
import { get, openCluster, type TestCluster, until } from './cluster.ts'
import { startLoad } from './ingress-load.ts'

const isLong = process.env.RECKON_TEST_LONG === '1'
/** So long a load goes on at least. */
const loadMs = isLong ? 600_000 : 60_000

/**
 * Writes what each POST says into a file that all pods share, and ends, told to, once what it was asked is answered.
 * Whom no ingress led there is then told to ask no more on this connection.
 */
const program = `
import asyncio, os, signal
done = os.open('/done/ids', os.O_APPEND | os.O_CREAT | os.O_WRONLY)
ending = asyncio.Event()
async def answer(reader, writer):
    is_kept = True
    try:
        while is_kept:
            async with asyncio.timeout(10):
                head = await reader.readuntil(b'\\r\\n\\r\\n')
            first, *rest = head.decode().strip().split('\\r\\n')
            headers = dict(line.lower().split(': ', 1) for line in rest)
            said = await reader.readexactly(int(headers.get('content-length', 0)))
            if first.startswith('POST'):
                os.write(done, said + b'\\n')
            is_told_to_leave = ending.is_set() and headers['host'] != 'web.test'
            is_kept = headers.get('connection') != 'close' and not is_told_to_leave
            way = b'' if is_kept else b'connection: close\\r\\n'
            writer.write(b'HTTP/1.1 200 OK\\r\\ncontent-length: 2\\r\\n' + way + b'\\r\\nok')
    except (asyncio.IncompleteReadError, TimeoutError, ConnectionError):
        pass
    finally:
        writer.close()
async def main():
    server = await asyncio.start_server(answer, '0.0.0.0', 8000, backlog=256)
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, ending.set)
    await ending.wait()
    server.close()
    while others := asyncio.all_tasks() - {asyncio.current_task()}:
        await asyncio.wait(others)
asyncio.run(main())
`
const manifest = (done: string) => `
apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec:
  replicas: 2
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec:
      terminationGracePeriodSeconds: 20
      volumes: [{ name: done, hostPath: { path: ${done} } }]
      containers:
        - name: c
          image: flaskapp:0.0.2
          command: [python3, -c, ${JSON.stringify(program)}]
          volumeMounts: [{ name: done, mountPath: /done }]
          readinessProbe: { tcpSocket: { port: 8000 }, periodSeconds: 1 }
---
apiVersion: v1
kind: Service
metadata: { name: web }
spec: { selector: { app: web }, ports: [{ port: 80, targetPort: 8000 }] }
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: web }
spec: { rules: [{ host: web.test, http: { paths: [${pathTo('/')}] } }] }
`
const pathTo = (path: string) =>
  `{ path: ${path}, pathType: Prefix, backend: { service: { name: web, port: { number: 80 } } } }`
const extra = (number: number) => `
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: extra-${number} }
spec: { rules: [{ host: web.test, http: { paths: [${pathTo(`/extra-${number}`)}] } }] }
`

let cluster: TestCluster
let url: string
let done: string
before(async () => {
  cluster = await openCluster('ingress')
  await cluster.up('--nodes', '3')
  done = join(cluster.dataDir, 'done')
  await mkdir(done)
  await cluster.apply(manifest(done))
  await rolledOut()
  url = `http://127.0.0.1:${cluster.readCluster().ports.ingressHttp}/`
  await until('the ingress answers', async () => (await get(url, 'web.test')).code === 200)
})
after(() => cluster?.reset())

const rolledOut = () => cluster.kubectl('rollout', 'status', 'deployment/web', '--timeout=120s')

const oldOnesGone = () =>
  until('the old ones are gone', async () => {
    const { items } = await cluster.json<{ items: object[] }>('get', 'pods', '-l', 'app=web')
    return items.length === 2
  })

async function scaled(replicas: number): Promise<void> {
  await cluster.kubectl('scale', 'deployment/web', `--replicas=${replicas}`)
  await rolledOut()
}

/** Has another Envoy take over from the one that runs: what it is started with is another file, that says the same. */
async function exchangeEnvoy(): Promise<void> {
  const layout = layoutOf(cluster.dataDir)
  const pidOfEnvoy = async () => (await findProcess(layout, 'envoy'))?.pid
  const before = await pidOfEnvoy()
  const bootstrap = join(layout.envoy, 'bootstrap.yaml')
  await writeFile(`${bootstrap}.part`, `${await readFile(bootstrap, 'utf8')}# again\n`)
  await rename(`${bootstrap}.part`, bootstrap)
  await until('another Envoy runs', async () => (await pidOfEnvoy()) !== before)
}

test('no request fails and each POST is carried out once while pods roll, scale, move, routes come and go, and Envoy is exchanged', async () => {
  const load = startLoad({ url, host: 'web.test', methods: ['GET', 'POST'], kept: 24, fresh: 24 })
  const begun = performance.now()
  for (let round = 0; performance.now() < begun + loadMs; round++) {
    await cluster.apply(extra(round))
    await cluster.kubectl('rollout', 'restart', 'deployment/web')
    await rolledOut()
    await scaled(1)
    await scaled(10)
    await exchangeEnvoy()
    await cluster.kubectl('drain', 'node-3', '--timeout=120s')
    await cluster.kubectl('delete', 'ingress', `extra-${round}`)
    await cluster.kubectl('uncordon', 'node-3')
    await scaled(1)
    await scaled(2)
  }
  const { asked, failures, acknowledged } = await load.end()
  const perSecond = asked / ((performance.now() - begun) / 1000)
  console.log(`${asked} requests, ${perSecond.toFixed()} a second`)
  assert.deepEqual(failures, [], `of ${asked}`)
  const carriedOut = (await readFile(join(done, 'ids'), 'utf8')).trim().split('\n')
  assert.deepEqual(carriedOut.toSorted(), acknowledged.toSorted())
})

test('a rolling update loses no request through the Service, on connections of their own and on kept ones', async () => {
  const { spec } = await cluster.json<Service>('get', 'service', 'web')
  const host = spec.clusterIP ?? ''
  const load = startLoad({ url: `http://${host}/`, host, methods: ['GET'], kept: 4, fresh: 4 })
  const end = performance.now() + loadMs / 10
  for (let round = 0; round === 0 || performance.now() < end; round++) {
    await cluster.kubectl('rollout', 'restart', 'deployment/web')
    await rolledOut()
    await oldOnesGone()
  }
  const { asked, failures } = await load.end()
  assert.deepEqual(failures, [], `of ${asked}`)
  console.log(`${asked} requests`)
})

test('after a rollout `reckon route` leads to other pods than with --at before it, by other events', async () => {
  const before = await routed()
  const beganAt = new Date().toISOString()
  await cluster.kubectl('rollout', 'restart', 'deployment/web')
  await rolledOut()
  await oldOnesGone()
  const now = await routed()
  for (const moment of [before.position, beganAt]) {
    const then = await routed('--at', moment)
    assert.deepEqual([then.rule, then.backends], [before.rule, before.backends])
  }
  assert.deepEqual(now.rule, before.rule)
  assert.equal(before.rule?.event?.type, 'IngressCreated')
  const [earlier, later] = [before, now].map(leadsTo)
  assert.notDeepEqual(later?.endpoints, earlier?.endpoints)
  assert.deepEqual(earlier?.byLater, [])
  assert.deepEqual(later?.byLater, ['EndpointSliceChanged'])

  /** The endpoints, and the events that made them so, as far as they came after the first answer. */
  function leadsTo({ backends: [backend] }: RouteAnswer) {
    assert.ok(backend)
    const isLater = ({ position }: { position: string }) =>
      BigInt(position) > BigInt(before.position)
    const byLater = backend.slices.filter(isLater).map(({ type }) => type)
    return { endpoints: backend.endpoints, byLater }
  }
})

const routed = async (...options: string[]): Promise<RouteAnswer> =>
  JSON.parse(await cluster.reckon('route', 'web.test', '/', ...options, '-o', 'json'))

test('an Ingress that Envoy refuses goes on as it was, and kubectl tells what Envoy said; no other suffers', async () => {
  await cluster.apply(rewriting('/'))
  await until('it leads there', async () => (await get(url, 'rewriting.test')).code === 200)
  // The api takes it, and Envoy does not: no path holds such a character.
  await cluster.apply(rewriting('/\\0'))
  await until('the event tells it', async () => {
    const said = await cluster.kubectl('describe', 'ingress', 'rewriting')
    return /Warning +RouteRefused .*envoy .*substitution/i.test(said)
  })
  for (const host of ['rewriting.test', 'web.test']) {
    assert.equal((await get(url, host)).code, 200)
  }
  await cluster.kubectl('delete', 'ingress', 'rewriting')
  await until('it is gone', async () => (await get(url, 'rewriting.test')).code === 404)
})

const rewriting = (path: string) => `
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: rewriting, annotations: { reckon.dev/rewrite-path: "${path}" } }
spec: { rules: [{ host: rewriting.test, http: { paths: [${pathTo('/')}] } }] }
`

test('a pod is killed under load, and no GET fails', async () => {
  await scaled(3)
  const load = startLoad({ url, host: 'web.test', methods: ['GET'], kept: 4, fresh: 2 })
  const label = [`reckon.cluster=${cluster.readCluster().id}`, 'reckon.container=c']
  const [container] = await cluster.docker.listContainers({ filters: { label } })
  assert.ok(container, 'no container of the Deployment runs')
  const askedBefore = load.heard.asked
  await cluster.docker.getContainer(container.Id).kill({ signal: 'SIGKILL' })
  await until('it runs again', async () => {
    return (await restartsMost()) > 0 && load.heard.asked > askedBefore + 100
  })
  await rolledOut()
  assert.deepEqual((await load.end()).failures, [])
})

/** How often the container of some pod was started again. */
async function restartsMost(): Promise<number> {
  type Pods = { items: { status: { containerStatuses?: { restartCount: number }[] } }[] }
  const { items } = await cluster.json<Pods>('get', 'pods', '-l', 'app=web')
  const statuses = items.flatMap(({ status }) => status.containerStatuses ?? [])
  return Math.max(0, ...statuses.map(({ restartCount }) => restartCount))
}
