import assert from 'node:assert/strict'
import { once } from 'node:events'
import { after, before, test } from 'node:test'
import { connect } from 'node:tls'
import { RunningEdge } from './edge.fixture.ts'
import { freePort } from './envoy.fixture.ts'
import { makeKeyPair } from './key-pair.fixture.ts'
import { ingress } from './objects.fixture.ts'

let edge: RunningEdge
let tlsPort: number
before(async () => {
  tlsPort = await freePort()
  edge = await RunningEdge.start(['web', 'api'], { tlsPort })
})
after(() => edge.close())

test('what is printed is a file by which an Envoy runs alone, and answers the same', async () => {
  const site = ingress('site', 'site.test', { '/': { service: 'web' }, '/api': { service: 'api' } })
  const wild = ingress('wild', '*.wild.test', { '/': { service: 'api' } })
  site.spec.tls = [{ hosts: ['site.test', '*.wild.test'], secretName: 'pair' }]
  const pairs = { pair: makeKeyPair('site.test', '*.wild.test') }
  await edge.apply({ ingresses: [site, wild], pairs })
  const text = await edge.printed()
  assert.doesNotMatch(text, /xds|ads:/)
  await edge.runAlone(text)
  const asked = [
    ['SITE.test:80', '/'],
    ['site.test', '/api/x'],
    ['x.wild.test', '/'],
    ['x.y.wild.test', '/'],
    ['site.test', '/no'],
  ] as const
  const answers = await Promise.all(asked.map(([host, path]) => edge.reached(host, path)))
  assert.deepEqual(answers, ['web', 'api', 'api', '404', 'web'])
  const named = { host: '127.0.0.1', port: tlsPort, servername: 'x.wild.test' }
  const socket = connect({ ...named, rejectUnauthorized: false })
  await once(socket, 'secureConnect')
  assert.equal(socket.getPeerX509Certificate()?.subject, 'CN=site.test')
  socket.destroy()
})
