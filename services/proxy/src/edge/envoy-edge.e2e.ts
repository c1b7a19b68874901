import assert from 'node:assert/strict'
import type { ChildProcess } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import type { Server } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { silent } from '@reckon/eventing/bus'
import { systemClock } from '@reckon/process'
import { edgeFiles } from '@reckon/routing'
import {
  ask,
  eventually,
  freePort,
  startBackend,
  startEnvoy,
  stopProcess,
} from './envoy.fixture.ts'
import { EnvoyEdge } from './envoy-edge.ts'
import { edgeOf, ingress, service, slice } from './objects.fixture.ts'

let folder: string
let port: number
let envoy: ChildProcess
let running: EnvoyEdge
const rejected: string[] = []
const backends: { server: Server; port: number }[] = []
const stop = new AbortController()

const openEdge = () =>
  new EnvoyEdge({
    folder,
    node: 'node-1',
    httpPort: port,
    clock: systemClock,
    log: silent,
    signal: stop.signal,
    onRejected: (type, message) => rejected.push(`${type}: ${message}`),
  })
const portOf = (index: number) => backends[index]?.port ?? 0
const nameOf = ({ body }: { body: string }) => (JSON.parse(body) as { name: string }).name
const services = [service('web'), service('api')]

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'edge-'))
  port = await freePort()
  for (const name of ['a', 'b']) backends.push(await startBackend(name))
  running = openEdge()
  await running.apply(edgeOf([], [], []))
  envoy = await startEnvoy(folder)
  await eventually('Envoy listens', async () => (await ask(port, 'x', '/')).status === 404)
})

after(async () => {
  stop.abort()
  running.close()
  await stopProcess(envoy)
  for (const { server } of backends) server.close()
  await rm(folder, { recursive: true })
})

test('a host leads to its Service, with the longest path first and the exact one before all', async () => {
  const rules = ingress('site', 'site.test', {
    '/': { service: 'web' },
    '/app': { service: 'api' },
    '/app/exact': { type: 'Exact', service: 'web' },
  })
  await running.apply(
    edgeOf([rules], services, [...slice('web', [portOf(0)]), ...slice('api', [portOf(1)])]),
  )
  const names = await Promise.all(
    ['/', '/apple', '/app', '/app/deep', '/app/exact', '/app/exact/'].map(async (path) =>
      nameOf(await ask(port, 'SITE.test:8080', path)),
    ),
  )
  assert.deepEqual(names, ['a', 'a', 'b', 'b', 'a', 'b'])
  assert.equal((await ask(port, 'other.test', '/')).status, 404)
  const { headers } = JSON.parse((await ask(port, 'site.test', '/')).body)
  assert.equal(headers['x-reckon-scope'], undefined)
  assert.deepEqual(rejected, [])
})

test('a wildcard stands for one label; what no rule names goes to the default backend', async () => {
  const wildcard = ingress('wild', '*.wild.test', { '/': { service: 'web' } })
  const fallback = ingress('fallback', 'named.test', { '/only': { service: 'web' } })
  fallback.spec.defaultBackend = { service: { name: 'api', port: { number: 80 } } }
  await running.apply(
    edgeOf([wildcard, fallback], services, [
      ...slice('web', [portOf(0)]),
      ...slice('api', [portOf(1)]),
    ]),
  )
  const hosts = [
    'x.wild.test',
    'X.WILD.test',
    'x.y.wild.test',
    'wild.test',
    'named.test',
    'nobody.test',
  ]
  const names = await Promise.all(hosts.map(async (host) => nameOf(await ask(port, host, '/'))))
  assert.deepEqual(names, ['a', 'a', 'b', 'b', 'b', 'b'])
  assert.deepEqual(rejected, [])
})

test('a Service without a ready pod answers 503, and the access log names the Ingress and its event', async () => {
  const rules = ingress('empty', 'empty.test', {
    '/': { service: 'web' },
    '/no': { service: 'no' },
  })
  await running.apply(edgeOf([rules], services, []))
  assert.equal((await ask(port, 'empty.test', '/')).status, 503)
  assert.equal((await ask(port, 'empty.test', '/no')).status, 503)
  const { accessLog } = edgeFiles(folder)
  await eventually('the access log is written', async () => {
    const lines = (await readFile(accessLog, 'utf8')).trim().split('\n')
    const line = lines.map((text) => JSON.parse(text)).find(({ host }) => host === 'empty.test')
    return line?.ingress === 'default/empty' && line?.position === '4611686018427387999'
  })
})

test('pods come and go, hosts are added, and no request fails', async () => {
  const failures: string[] = []
  let going = true
  const rules = ingress('busy', 'busy.test', { '/': { service: 'web' } })
  const both = slice('web', [portOf(0), portOf(1)])
  await running.apply(edgeOf([rules], services, both))
  const asking = Promise.all(
    Array.from({ length: 8 }, async (_, index) => {
      while (going) {
        const { status, body } = await ask(port, 'busy.test', '/', index % 2 ? 'POST' : 'GET')
        if (status !== 200) failures.push(`${status} ${body}`)
      }
    }),
  )
  const more = [rules]
  for (let round = 0; round < 10; round++) {
    await running.apply(edgeOf(more, services, slice('web', [portOf(round % 2)])))
    more.push(ingress(`more-${round}`, `more-${round}.test`, { '/': { service: 'api' } }))
    await running.apply(edgeOf(more, services, [...both, ...slice('api', [portOf(0)])]))
    assert.equal((await ask(port, `more-${round}.test`, '/')).status, 200)
  }
  going = false
  await asking
  assert.deepEqual(failures, [])
})

test('a removed endpoint gets no request once the edge was applied', async () => {
  const rules = ingress('one', 'one.test', { '/': { service: 'web' } })
  await running.apply(edgeOf([rules], services, slice('web', [portOf(0), portOf(1)])))
  await running.apply(edgeOf([rules], services, slice('web', [portOf(1)])))
  const names = await Promise.all(
    Array.from({ length: 30 }, async () => nameOf(await ask(port, 'one.test', '/'))),
  )
  assert.deepEqual(new Set(names), new Set(['b']))
})

test('a proxy that is replaced changes nothing for requests, and the next one goes on', async () => {
  const rules = ingress('kept', 'kept.test', { '/': { service: 'web' } })
  const gone = ingress('gone', 'gone.test', { '/': { service: 'api' } })
  await running.apply(
    edgeOf([rules, gone], services, [...slice('web', [portOf(0)]), ...slice('api', [portOf(0)])]),
  )
  assert.equal((await ask(port, 'gone.test', '/')).status, 200)
  running.close()
  assert.equal(nameOf(await ask(port, 'kept.test', '/')), 'a')
  running = openEdge()
  const applied = running.apply(edgeOf([rules], services, slice('web', [portOf(1)])))
  assert.notEqual((await ask(port, 'kept.test', '/')).status, 503)
  await applied
  assert.equal(nameOf(await ask(port, 'kept.test', '/')), 'b')
  assert.equal((await ask(port, 'gone.test', '/')).status, 404)
  assert.deepEqual(rejected, [])
})
