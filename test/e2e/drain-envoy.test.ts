import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { edge, fixedConfig, ingressHosts, printYaml, serviceMap } from '@reckon/routing'
import { drainEnvoy } from '@reckon/supervisor'
import { get, until } from './cluster.ts'

const httpPort = 18_090
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

test('an Envoy that is to stop answers what it was asked before', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'drain-'))
  t.after(() => rm(folder, { recursive: true }))
  const asked = Promise.withResolvers<void>()
  const answers = Promise.withResolvers<void>()
  const server = createServer(async (request, response) => {
    if (request.url === '/slow') {
      asked.resolve()
      await answers.promise
    }
    response.end('answered')
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => server.closeAllConnections())
  t.after(() => server.close())
  const address = server.address()
  assert.ok(address !== null && typeof address === 'object')
  const admin = join(folder, 'admin.sock')
  const config = join(folder, 'envoy.yaml')
  const fixed = fixedConfig(edgeTo(address.port), { node: 'n', httpPort })
  await writeFile(config, printYaml({ ...fixed, admin: { address: { pipe: { path: admin } } } }))
  const flags = ['--disable-hot-restart', '--drain-time-s', '2', '-l', 'warning']
  const envoy = spawn(process.env.RECKON_ENVOY ?? 'envoy', ['-c', config, ...flags], {
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const ended = once(envoy, 'exit')
  const url = `http://127.0.0.1:${httpPort}`
  await until('Envoy answers', async () => (await get(url)).code === 200)

  const slow = get(`${url}/slow`)
  await asked.promise
  let isDrained = false
  const drained = drainEnvoy(admin).then(() => {
    isDrained = true
    envoy.kill()
  })
  await until('it takes no new connection', async () => (await get(url)).code === 0)
  assert.equal(isDrained, false)
  answers.resolve()
  assert.deepEqual(await slow, { code: 200, body: 'answered' })
  await drained
  await ended
  assert.equal(await drainEnvoy(admin), undefined)
})
