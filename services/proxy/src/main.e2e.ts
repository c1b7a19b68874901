import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { get, type Server } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { type Bus, encodeFrames } from '@reckon/eventing/bus'
import { connectBus } from '@reckon/eventing/nats'
import type { KubernetesObject } from '@reckon/kubernetes'
import {
  type NodeChange,
  type NodeSettings,
  type NodeUpsert,
  nodeApplied,
  nodeRead,
  sharedEvents,
} from '@reckon/node-plane'
import {
  ask,
  eventually,
  freePort,
  startBackend,
  startEnvoy,
  stopProcess,
} from './edge/envoy.fixture.ts'
import { ingress, service, slice } from './edge/objects.fixture.ts'

// The proxy's own process, a real nats-server and a real Envoy; this test stands for the api.
const cause = { id: 'event', correlationId: 'request' }
let folder: string
let ports: { nats: number; http: number }
let nats: ChildProcess
let proxy: ChildProcess
let envoy: ChildProcess
let bus: Bus
let backends: { server: Server; port: number }[]
let position = 100
let applied = 0
const objects = new Map<string, NodeUpsert>()
const settings: NodeSettings = {
  domain: 'cluster.local',
  clusterCidr: '10.244.0.0/16',
  serviceCidr: '10.96.0.0/12',
  clusterDns: '169.254.20.10',
}

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'proxy-'))
  ports = { nats: await freePort(), http: await freePort() }
  nats = spawn('nats-server', ['-a', '127.0.0.1', '-p', String(ports.nats)], { stdio: 'ignore' })
  bus = await connectBus({ servers: `nats://127.0.0.1:${ports.nats}`, name: 'test' })
  bus.subscribe(nodeApplied('node-1'), ({ data }) => {
    applied = Number(JSON.parse(new TextDecoder().decode(data)).position)
  })
  bus.subscribe(nodeRead('node-1'), (message) => {
    const order = { read: 'r', page: 1, pages: 1, position: String(position) }
    const page = { ...order, cluster: 'c', settings, changes: [...objects.values()] }
    message.respond(encode(page))
    message.respond(new Uint8Array())
  })
  backends = [await startBackend('a'), await startBackend('b')]
  startProxy()
  await eventually('the first state is applied', async () => applied === position)
  envoy = await startEnvoy(folder)
  await eventually('Envoy listens', async () => (await ask(ports.http, 'x', '/')).status === 404)
})

after(async () => {
  await stopProcess(proxy)
  await stopProcess(envoy)
  await bus.close()
  await stopProcess(nats)
  for (const { server } of backends) server.close()
  await rm(folder, { recursive: true })
})

test('an Ingress leads to its pods as soon as its position is told as applied', async () => {
  await publish([
    upsert(
      'ingresses.networking.k8s.io',
      ingress('site', 'site.test', { '/': { service: 'web' } }),
    ),
    upsert('services', service('web')),
    upsert('endpointslices.discovery.k8s.io', endpoints(0)),
  ])
  assert.equal((await ask(ports.http, 'site.test', '/')).status, 200)
})

test('all that Envoy was told can be read as YAML', async () => {
  const text = await textOf(join(folder, 'config.sock'), '/config')
  assert.match(text, /default\/web:80/)
  assert.match(text, /site\.test/)
})

test('the proxy is killed and comes back, pods change meanwhile, and no request fails', async () => {
  const failures: string[] = []
  let going = true
  let count = 0
  const asking = Promise.all(
    Array.from({ length: 4 }, async () => {
      while (going) {
        const { status, body } = await ask(ports.http, 'site.test', '/')
        count++
        if (status !== 200) failures.push(`${status} ${body}`)
      }
    }),
  )
  for (let round = 1; round <= 3; round++) {
    await stopProcess(proxy, 'SIGKILL')
    const changed = publish([upsert('endpointslices.discovery.k8s.io', endpoints(round % 2))])
    startProxy()
    await changed
    const { body } = await ask(ports.http, 'site.test', '/')
    assert.equal(JSON.parse(body).name, round % 2 ? 'b' : 'a')
  }
  going = false
  await asking
  assert.deepEqual(failures, [])
  assert.ok(count > 100)
})

test('a proxy that may not use nftables says what is missing, and the ingress is served', async () => {
  await stopProcess(proxy)
  startProxy('MayNotUseNftables')
  await publish([
    upsert(
      'ingresses.networking.k8s.io',
      ingress('more', 'more.test', { '/': { service: 'web' } }),
    ),
  ])
  assert.equal((await ask(ports.http, 'more.test', '/')).status, 200)
  const { ready, detail } = JSON.parse(await textOf(healthSocket(), '/health'))
  assert.equal(ready, true)
  assert.match(detail, /Services and names are not served.*may not use nftables.*CAP_NET_ADMIN/)
})

const healthSocket = () => join(folder, 'health.sock')

async function textOf(socketPath: string, path: string): Promise<string> {
  const [answer] = await once(get({ socketPath, path }), 'response')
  let text = ''
  for await (const part of answer) text += part
  return text
}

function startProxy(network: 'None' | 'MayNotUseNftables' = 'None'): void {
  const options = {
    'node-name': 'node-1',
    nats: `nats://127.0.0.1:${ports.nats}`,
    'data-dir': folder,
    'envoy-dir': folder,
    'ingress-http-port': String(ports.http),
  }
  const args = Object.entries(options).flatMap(([name, value]) => [`--${name}`, value])
  const main = join(import.meta.dirname, 'main.ts')
  const command = [process.execPath, main, ...args]
  const [program = '', ...rest] =
    network === 'None'
      ? [...command, '--without-dataplane']
      : ['setpriv', '--bounding-set=-net_admin', '--inh-caps=-net_admin', ...command]
  proxy = spawn(program, rest, {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, RECKON_HEALTH_SOCKET: healthSocket() },
  })
}

/** Tells a change as the api does, and waits until the proxy has applied it. */
async function publish(changes: NodeUpsert[]): Promise<void> {
  const previous = position++
  const at = position
  for (const change of changes) {
    objects.set(`${change.resource} ${change.object.metadata.name}`, change)
  }
  const content = encode({ changes } satisfies { changes: NodeChange[] })
  const entry = { position: BigInt(at), previous: BigInt(previous), content }
  bus.publish(sharedEvents, encodeFrames([entry]))
  await eventually(`position ${at} is applied`, async () => applied >= at)
}

const upsert = (resource: string, object: KubernetesObject): NodeUpsert => ({
  type: 'Upsert',
  resource,
  object,
  cause,
})

/** The one slice of the Service, with the backend of this number. */
function endpoints(index: number): KubernetesObject {
  const [made] = slice('web', [backends[index]?.port ?? 0])
  if (made === undefined) throw new Error('no slice')
  return { ...made, metadata: { ...made.metadata, name: 'web-1' } }
}

const encode = (value: unknown) => new TextEncoder().encode(JSON.stringify(value))
