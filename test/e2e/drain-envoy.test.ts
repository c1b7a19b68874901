import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { createServer, type RequestListener } from 'node:http'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { edge, fixedConfig, ingressHosts, printYaml, serviceMap } from '@reckon/routing'
import { drainEnvoy, findProcess, layoutOf, type ProcessSpec, supervise } from '@reckon/supervisor'
import { get, until } from './cluster.ts'
import { startLoad } from './ingress-load.ts'

const httpPort = 18_090
/** A connection that waits to be taken when Envoy listens no more is not there every time. */
const times = 3
const backend = { service: { name: 'slow', port: { number: 80 } } }
const metadata = (name: string, labels = {}) => ({ name, namespace: 'default', labels })

/** An edge on which everything leads to this port. */
const edgeTo = (port: number) =>
  edge(
    ingressHosts(
      [
        {
          ...{ apiVersion: 'networking.k8s.io/v1', kind: 'Ingress', metadata: metadata('slow') },
          spec: { defaultBackend: backend },
        },
      ],
      [],
    ),
    serviceMap(
      [
        {
          ...{ apiVersion: 'v1', kind: 'Service', metadata: metadata('slow') },
          spec: { clusterIP: '10.96.0.7', ports: [{ port: 80 }] },
        },
      ],
      [
        {
          ...{ apiVersion: 'discovery.k8s.io/v1', kind: 'EndpointSlice', addressType: 'IPv4' },
          metadata: metadata('slow', { 'kubernetes.io/service-name': 'slow' }),
          endpoints: [{ addresses: ['127.0.0.1'] }],
          ports: [{ port }],
        },
      ],
    ),
  )

/** A file of its own by which an Envoy runs that leads everything to this port, as this node. */
async function configured(file: string, { node, port }: { node: string; port: number }) {
  const fixed = fixedConfig(edgeTo(port), { node, httpPort })
  const admin = { address: { pipe: { path: join(dirname(file), 'admin.sock') } } }
  await replaced(file, printYaml({ ...fixed, admin }))
}

async function replaced(file: string, text: string): Promise<void> {
  await writeFile(`${file}.part`, text)
  await rename(`${file}.part`, file)
}

/** Answers so at a port of its own until the test is over. */
async function startServer(t: TestContext, answer: RequestListener): Promise<{ port: number }> {
  const server = createServer(answer).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => server.closeAllConnections())
  t.after(() => server.close())
  const address = server.address()
  assert.ok(address !== null && typeof address === 'object')
  return address
}

const startEnvoy = (config: string) => {
  const flags = ['--disable-hot-restart', '--drain-time-s', '2', '-l', 'warning']
  return spawn(process.env.RECKON_ENVOY ?? 'envoy', ['-c', config, ...flags], {
    stdio: ['ignore', 'ignore', 'inherit'],
  })
}

const drainedIn = (folder: string) => ({
  ...{ adminSocket: join(folder, 'admin.sock'), sharedMemory: '', ports: [httpPort] },
})

test('an Envoy that is to stop answers what it was asked before', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'drain-'))
  t.after(() => rm(folder, { recursive: true }))
  const asked = Promise.withResolvers<void>()
  const answers = Promise.withResolvers<void>()
  const { port } = await startServer(t, async (request, response) => {
    if (request.url === '/slow') {
      asked.resolve()
      await answers.promise
    }
    response.end('answered')
  })
  const config = join(folder, 'envoy.yaml')
  await configured(config, { node: 'n', port })
  const envoy = startEnvoy(config)
  const ended = once(envoy, 'exit')
  const url = `http://127.0.0.1:${httpPort}`
  await until('Envoy answers', async () => (await get(url)).code === 200)

  const slow = get(`${url}/slow`)
  await asked.promise
  let isDrained = false
  const drained = drainEnvoy(drainedIn(folder)).then((letIn) => {
    isDrained = true
    envoy.kill()
    return letIn
  })
  await until('it takes no new connection', async () => (await get(url)).code === 0)
  assert.equal(isDrained, false)
  answers.resolve()
  assert.deepEqual(await slow, { code: 200, body: 'answered' })
  const letIn = await drained
  await ended
  await letIn()
  assert.equal(typeof (await drainEnvoy(drainedIn(folder))), 'function')
})

test('an Envoy that stops while it is asked without a pause breaks off no request, and refuses the others', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'drain-'))
  t.after(() => rm(folder, { recursive: true }))
  const { port } = await startServer(t, (_, response) => response.end('ok'))
  const config = join(folder, 'envoy.yaml')
  await configured(config, { node: 'n', port })
  const url = `http://127.0.0.1:${httpPort}`
  for (let time = 0; time < times; time++) {
    const envoy = startEnvoy(config)
    const ended = once(envoy, 'exit')
    await until('Envoy answers', async () => (await get(url)).code === 200)
    const load = startLoad({ url, host: 'any.test', methods: ['GET', 'POST'], kept: 4, fresh: 8 })
    await until('all are asking', () => load.heard.asked > 200)
    const letIn = await drainEnvoy(drainedIn(folder))
    envoy.kill()
    await ended
    await letIn()
    const { failures, asked } = await load.end()
    const broken = failures.filter((failure) => !/ECONNREFUSED/.test(failure))
    assert.deepEqual(broken, [], `of ${asked}`)
  }
})

test('an Envoy whose bootstrap changes hands over to another, and no request fails; one that is no good is left out', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'hand-over-'))
  t.after(() => rm(folder, { recursive: true }))
  const { port } = await startServer(t, (_, response) => response.end('ok'))
  const config = join(folder, 'envoy.yaml')
  const seconds = ['--drain-time-s', '1', '--parent-shutdown-time-s', '3']
  const spec: ProcessSpec = {
    ...{
      name: 'envoy',
      command: process.env.RECKON_ENVOY ?? 'envoy',
      env: {},
      stopTimeoutMs: 5000,
    },
    args: ['-c', config, '-l', 'warning', '--base-id', String(process.pid), ...seconds],
    needsFile: config,
    handsOver: {
      adminSocket: join(folder, 'admin.sock'),
      ports: [httpPort],
      sharedMemory: `/dev/shm/envoy_shared_memory_${process.pid}0`,
    },
  }
  t.after(() => rm(spec.handsOver?.sharedMemory ?? '', { force: true }))
  const layout = layoutOf(folder)
  const reported: string[] = []
  const stop = new AbortController()
  const report = (_: string, message: string) => reported.push(message)
  const supervised = supervise(layout, [spec], report, stop.signal)
  const said = (what: RegExp) => until(`${what} is said`, () => reported.some((m) => what.test(m)))
  const url = `http://127.0.0.1:${httpPort}/`
  await configured(config, { node: 'one', port })
  await until('Envoy answers', async () => (await get(url)).code === 200)
  const first = await findProcess(layout, 'envoy')

  const load = startLoad({ url, host: 'any.test', methods: ['GET', 'POST'], kept: 4, fresh: 4 })
  await configured(config, { node: 'two', port })
  await said(/^takes over/)
  await first?.ended()
  await replaced(config, 'no_such_field: 1')
  await said(/^goes on .*refused.*no_such_field/s)
  await configured(config, { node: 'three', port })
  await until('the third serves', () => reported.filter((m) => /^takes over/.test(m)).length === 2)
  const { asked, failures } = await load.end()
  assert.deepEqual(failures, [], `of ${asked}`)

  stop.abort()
  await supervised
  const last = await findProcess(layout, 'envoy')
  assert.equal(last?.epoch, 2)
  const stopping = new AbortController()
  await supervise(layout, [], () => stopping.abort(), stopping.signal)
  assert.equal((await get(url)).code, 0)
})
