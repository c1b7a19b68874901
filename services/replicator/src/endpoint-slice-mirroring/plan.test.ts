import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Endpoints, Service } from '@reckon/kubernetes'
import { plan } from './plan.ts'

const service: Service = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'db', namespace: 'shop', uid: 's' },
  spec: { ports: [{ port: 5432 }] },
}
const written: Endpoints = {
  apiVersion: 'v1',
  kind: 'Endpoints',
  metadata: { name: 'db', namespace: 'shop', uid: 'e', labels: { team: 'x' } },
  subsets: [
    {
      addresses: [{ ip: '192.0.2.1' }, { ip: '2001:db8::1' }],
      notReadyAddresses: [{ ip: '192.0.2.2' }],
      ports: [{ port: 5432, protocol: 'TCP' }],
    },
  ],
}

test('Endpoints that somebody wrote are mirrored, each family into a slice', () => {
  const slices = plan(service, written, []).flatMap((step) =>
    step.type === 'CreateSlice' ? [step.slice] : [],
  )
  assert.deepEqual(
    slices.map(({ addressType, endpoints }) => [
      addressType,
      endpoints?.map(({ addresses, conditions }) => [addresses[0], conditions?.ready]),
    ]),
    [
      [
        'IPv4',
        [
          ['192.0.2.1', true],
          ['192.0.2.2', false],
        ],
      ],
      ['IPv6', [['2001:db8::1', true]]],
    ],
  )
  const [first] = slices
  assert.deepEqual(first?.ports, [{ name: '', port: 5432, protocol: 'TCP' }])
  assert.deepEqual(first?.metadata.labels, {
    team: 'x',
    'endpointslice.kubernetes.io/managed-by': 'endpointslicemirroring-controller.k8s.io',
    'kubernetes.io/service-name': 'db',
  })
  assert.deepEqual(plan(service, written, slices), [])
  const [gone] = plan(service, undefined, slices)
  assert.equal(gone?.type, 'DeleteSlice')
})

test('what is told of an address and of a port goes along', () => {
  const targetRef = {
    ...{ apiVersion: 'v1', kind: 'Pod', name: 'db-0', namespace: 'shop', uid: 'p' },
    ...{ fieldPath: 'spec', resourceVersion: '7' },
  }
  const address = { ip: '192.0.2.1', hostname: 'db-0', nodeName: 'node-1', targetRef }
  const port = { name: 'sql', port: 5432, protocol: 'TCP', appProtocol: 'postgres' }
  const subsets = [{ addresses: [address], ports: [port] }]
  const [step] = plan(service, { ...written, subsets }, [])
  assert.ok(step?.type === 'CreateSlice')
  const { ip, ...told } = address
  assert.deepEqual(step.slice.endpoints, [
    { addresses: [ip], conditions: { ready: true }, ...told },
  ])
  assert.deepEqual(step.slice.ports, [port])
})

test('not of a Service that selects, not without one, and not where they say so', () => {
  const selecting = { ...service, spec: { ...service.spec, selector: { app: 'db' } } }
  assert.deepEqual(plan(selecting, written, []), [])
  assert.deepEqual(plan(undefined, written, []), [])
  const labels = { 'endpointslice.kubernetes.io/skip-mirror': 'true' }
  const skipped = { ...written, metadata: { ...written.metadata, labels } }
  assert.deepEqual(plan(service, skipped, []), [])
})
