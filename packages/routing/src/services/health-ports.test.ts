import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Endpoint, Service } from '@reckon/kubernetes'
import { healthPorts } from './health-ports.ts'
import { serviceMap } from './service-map.ts'

const balanced: Service['spec'] = {
  ...{ type: 'LoadBalancer', externalTrafficPolicy: 'Local', clusterIP: '10.96.0.7' },
  ...{ ports: [{ port: 80 }, { name: 'other', port: 81 }], healthCheckNodePort: 30_100 },
}
const at = (address: string, nodeName: string, conditions?: Endpoint['conditions']): Endpoint => ({
  ...{ addresses: [address], nodeName },
  ...(conditions && { conditions }),
})
const told = (spec: Service['spec'], endpoints: Endpoint[]) => {
  const metadata = { name: 'web', namespace: 'default' }
  const labels = { 'kubernetes.io/service-name': 'web' }
  const service: Service = { apiVersion: 'v1', kind: 'Service', metadata, spec }
  const ports = [{ port: 8080 }, { name: 'other', port: 8081 }]
  const slice = {
    ...({ apiVersion: 'discovery.k8s.io/v1', kind: 'EndpointSlice' } as const),
    ...{ metadata: { ...metadata, labels }, addressType: 'IPv4', endpoints, ports },
  }
  return [...healthPorts(serviceMap([service], [slice]), new Set(['a']))]
}

test('a machine counts the ready pods of its own nodes, each once', () => {
  const endpoints = [at('10.244.1.2', 'a'), at('10.244.1.3', 'a'), at('10.244.2.2', 'b')]
  const health = { namespace: 'default', name: 'web', localEndpoints: 2 }
  assert.deepEqual(told(balanced, endpoints), [[30_100, health]])
})

test('who terminates counts no more, though nobody else serves; where none is, it says so', () => {
  const leaving = at('10.244.1.2', 'a', { ready: false, serving: true, terminating: true })
  for (const endpoints of [[leaving], [], [at('10.244.2.2', 'b')]]) {
    assert.equal(told(balanced, endpoints)[0]?.[1].localEndpoints, 0)
  }
})

test('only a Service whose machines lead to their own pods alone is asked for', () => {
  assert.deepEqual(told({ ...balanced, externalTrafficPolicy: 'Cluster' }, []), [])
})
