import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { EndpointSlice, Pod, Service } from '@reckon/kubernetes'
import { podPortsOf, portOfPod, proxiedName } from './proxied-place.ts'

const pod: Pod = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'web', namespace: 'shop' },
  spec: {
    containers: [{ name: 'c', ports: [{ containerPort: 8080 }, { containerPort: 9090 }] }],
  },
  status: { podIP: '10.244.0.2' },
}
const service: Service = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'web', namespace: 'shop' },
  spec: {
    ports: [
      { name: 'http', port: 80, targetPort: 8080 },
      { name: 'admin', port: 81 },
    ],
  },
}
const sliceOf = (...names: string[]): EndpointSlice => ({
  apiVersion: 'discovery.k8s.io/v1',
  kind: 'EndpointSlice',
  metadata: { name: 'web-1', namespace: 'shop' },
  addressType: 'IPv4',
  ports: [{ name: 'http', port: 8080 }],
  endpoints: [
    ...names.map((name) => ({ addresses: ['10.244.0.2'], targetRef: { kind: 'Pod', name } })),
    { addresses: ['10.244.0.3'], conditions: { ready: false }, targetRef: { kind: 'Pod' } },
    { addresses: ['192.0.2.1'] },
  ],
})

test('a name may say the scheme and the port', () => {
  assert.deepEqual(proxiedName('web', 'pod'), { isTls: false, name: 'web', port: '' })
  assert.deepEqual(proxiedName('web:http', 'pod'), { isTls: false, name: 'web', port: 'http' })
  assert.deepEqual(proxiedName('https:web:', 'pod'), { isTls: true, name: 'web', port: '' })
  for (const wrong of ['', 'ftp:web:1', 'a:b:c:d', ':80']) {
    const message = `invalid service request ${JSON.stringify(wrong)}`
    assert.throws(() => proxiedName(wrong, 'service'), { reason: 'BadRequest', message })
  }
})

test('of a pod the first port that it tells is meant, unless another is named', () => {
  const port = (name: string, of = pod) => portOfPod(of, proxiedName(name, 'pod'))
  assert.deepEqual([port('web'), port('web:9090')], [8080, 9090])
  const silent = { ...pod, spec: { containers: [{ name: 'c' }] } }
  assert.deepEqual([port('web', silent), port('https:web:', silent)], [80, 443])
  assert.throws(() => port('web:99999'), { reason: 'BadRequest' })
  assert.throws(() => port('web', { ...pod, status: {} }), { message: 'address not allowed' })
})

test('of a Service the ready pods behind a port are meant, by its name or number', () => {
  const slices = [sliceOf('web-a', 'web-b')]
  const wanted = ['web-a', 'web-b'].map((name) => ({
    pod: { namespace: 'shop', name },
    port: 8080,
  }))
  assert.deepEqual(podPortsOf(service, slices, 'http'), wanted)
  assert.deepEqual(podPortsOf(service, slices, '80'), wanted)
  assert.throws(() => podPortsOf(service, slices, '82'), {
    reason: 'ServiceUnavailable',
    message: 'no service port 82 found for service "web"',
  })
  for (const port of ['81', 'admin', '']) {
    assert.throws(() => podPortsOf(service, slices, port), {
      message: 'no endpoints available for service "web"',
    })
  }
})
