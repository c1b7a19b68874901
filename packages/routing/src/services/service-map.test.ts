import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { EndpointSlice, Service } from '@reckon/kubernetes'
import { serviceMap } from './service-map.ts'

const service = (spec: Service['spec']): Service => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'web', namespace: 'default' },
  spec,
})

const slice = (over: Partial<EndpointSlice> = {}): EndpointSlice => ({
  apiVersion: 'discovery.k8s.io/v1',
  kind: 'EndpointSlice',
  metadata: {
    name: 'web-x',
    namespace: 'default',
    labels: { 'kubernetes.io/service-name': 'web' },
  },
  addressType: 'IPv4',
  endpoints: [{ addresses: ['10.244.1.2'] }],
  ports: [{ name: 'http', port: 8080 }],
  ...over,
})

const web = (spec: Service['spec'], slices: EndpointSlice[]) =>
  serviceMap([service(spec)], slices).get('default/web')

const http = { name: 'http', port: 80 }

test('a port has the endpoints of the slice port with its name and protocol', () => {
  const routed = web(
    { clusterIP: '10.96.0.7', ports: [http, { name: 'dns', port: 53, protocol: 'UDP' }] },
    [
      slice({
        ports: [
          { name: 'http', port: 8080 },
          { name: 'dns', port: 5353, protocol: 'TCP' },
        ],
      }),
    ],
  )
  assert.deepEqual(
    routed?.ports.map(({ endpoints }) => endpoints),
    [[{ address: '10.244.1.2', port: 8080 }], []],
  )
})

test('an endpoint is asked while it is ready and not terminating; untold means ready', () => {
  const endpoints = [
    { addresses: ['10.244.1.5'] },
    { addresses: ['10.244.1.4'], conditions: { ready: true } },
    { addresses: ['10.244.1.3'], conditions: { ready: false } },
    { addresses: ['10.244.1.2'], conditions: { ready: true, terminating: true } },
  ]
  const routed = web({ clusterIP: '10.96.0.7', ports: [http] }, [slice({ endpoints })])
  assert.deepEqual(
    routed?.ports[0]?.endpoints.map(({ address }) => address),
    ['10.244.1.4', '10.244.1.5'],
  )
})

test('where none is ready those are asked that terminate and still serve; all others keep what they have', () => {
  const endpoints = [
    { addresses: ['10.244.1.2'], nodeName: 'a', conditions: { ready: false, terminating: true } },
    { addresses: ['10.244.1.3'], conditions: { ready: false, serving: false, terminating: true } },
    { addresses: ['10.244.1.4'], conditions: { ready: false, serving: false } },
  ]
  const ready = [...endpoints, { addresses: ['10.244.1.5'] }]
  const [none, one] = [endpoints, ready].map(
    (of) => web({ clusterIP: '10.96.0.7', ports: [http] }, [slice({ endpoints: of })])?.ports[0],
  )
  assert.deepEqual(none?.endpoints, [{ address: '10.244.1.2', port: 8080, node: 'a' }])
  assert.equal(none?.unready?.length, 2)
  assert.deepEqual(one?.endpoints, [{ address: '10.244.1.5', port: 8080 }])
  assert.deepEqual(
    one?.unready?.map(({ isServing }) => isServing),
    [true, false, false],
  )
})

test('policies and balanced addresses are told', () => {
  const spec: Service['spec'] = {
    type: 'LoadBalancer',
    externalTrafficPolicy: 'Local',
    internalTrafficPolicy: 'Local',
    ports: [http],
  }
  const status = { loadBalancer: { ingress: [{ ip: '192.0.2.1' }, { hostname: 'x.test' }] } }
  const routed = serviceMap([{ ...service(spec), status }], []).get('default/web')
  assert.deepEqual(routed?.outsideIPs, ['192.0.2.1'])
  assert.deepEqual([routed?.isInternalLocal, routed?.isExternalLocal], [true, true])
})

test('addresses from outside that a Service names itself are told beside those of its balancer, each once', () => {
  const externalIPs = ['192.0.2.9', '192.0.2.1', '2001:db8::1']
  const status = { loadBalancer: { ingress: [{ ip: '192.0.2.1' }] } }
  const balanced = service({ type: 'LoadBalancer', externalIPs, ports: [http] })
  const routed = serviceMap([{ ...balanced, status }], []).get('default/web')
  assert.deepEqual(routed?.outsideIPs, ['192.0.2.1', '192.0.2.9'])
  assert.deepEqual(web({ externalIPs, ports: [http] }, [])?.outsideIPs, externalIPs.slice(0, 2))
})

test('slices of other services, other namespaces and IPv6 are left out; the same endpoint counts once', () => {
  const routed = web({ clusterIP: '10.96.0.7', ports: [http] }, [
    slice(),
    slice(),
    slice({ metadata: { name: 'other', namespace: 'default' } }),
    slice({ metadata: { ...slice().metadata, namespace: 'elsewhere' } }),
    slice({ addressType: 'IPv6', endpoints: [{ addresses: ['fd00::1'] }] }),
  ])
  assert.deepEqual(routed?.ports[0]?.endpoints, [{ address: '10.244.1.2', port: 8080 }])
})

test('a headless Service has endpoints and no address; an ExternalName has neither', () => {
  const headless = web({ clusterIP: 'None', ports: [http] }, [slice()])
  assert.deepEqual(headless?.clusterIPs, [])
  assert.deepEqual(headless?.endpoints, [
    {
      address: '10.244.1.2',
      hostname: '10-244-1-2',
      ports: [{ name: 'http', protocol: 'TCP', port: 8080 }],
    },
  ])
  const external = web({ type: 'ExternalName', externalName: 'db.test' }, [slice()])
  assert.equal(external?.externalName, 'db.test')
  assert.deepEqual(external?.endpoints, [])
})

test('session affinity keeps its timeout, three hours where none is given', () => {
  const seconds = (spec: Service['spec']) => web(spec, [])?.affinitySeconds
  assert.equal(seconds({ sessionAffinity: 'None' }), undefined)
  assert.equal(seconds({ sessionAffinity: 'ClientIP' }), 10_800)
  const sessionAffinityConfig = { clientIP: { timeoutSeconds: 5 } }
  assert.equal(seconds({ sessionAffinity: 'ClientIP', sessionAffinityConfig }), 5)
})

test('what is recorded as an address and is none is left out, and holds up no other', () => {
  const endpoints = [{ addresses: ['10.244.2.9/24'] }, { addresses: ['10.244.1.2'] }]
  const routed = web({ clusterIP: '10.96.0.7', ports: [http] }, [slice({ endpoints })])
  assert.deepEqual(routed?.ports[0]?.endpoints, [{ address: '10.244.1.2', port: 8080 }])
  assert.deepEqual(
    routed?.endpoints.map(({ address }) => address),
    ['10.244.1.2'],
  )
})
