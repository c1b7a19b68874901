import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { test } from 'node:test'
import { freePort } from './edge/envoy.fixture.ts'
import { HealthPorts } from './health-ports.ts'

const web = (localEndpoints: number) => ({ namespace: 'default', name: 'web', localEndpoints })
const asked = async (port: number) => {
  const answer = await fetch(`http://127.0.0.1:${port}/healthz`)
  return [
    answer.status,
    answer.headers.get('x-load-balancing-endpoint-weight'),
    await answer.json(),
  ]
}

test('a balancer hears how many pods are here, as long as the Service has the port', async (t) => {
  const health = new HealthPorts()
  t.after(() => health.close())
  const port = await freePort()
  await health.apply(new Map([[port, web(2)]]))
  const service = { namespace: 'default', name: 'web' }
  const told = (localEndpoints: number) => ({ service, localEndpoints, serviceProxyHealthy: true })
  assert.deepEqual(await asked(port), [200, '2', told(2)])
  await health.apply(new Map([[port, web(0)]]))
  assert.deepEqual(await asked(port), [503, '0', told(0)])
  await health.apply(new Map())
  await assert.rejects(asked(port))
})

test('a port that another program has is told, and holds up no other', async (t) => {
  const other = createServer().listen(0)
  await once(other, 'listening')
  const health = new HealthPorts()
  t.after(async () => {
    other.close()
    await health.close()
  })
  const address = other.address()
  assert.ok(address !== null && typeof address === 'object')
  const port = await freePort()
  const wanted = new Map([address.port, port].map((each) => [each, web(1)]))
  await assert.rejects(health.apply(wanted), /EADDRINUSE/)
  assert.equal((await asked(port))[0], 200)
})
