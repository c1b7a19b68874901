import assert from 'node:assert/strict'
import { test } from 'node:test'
import { noteIn, notesStream } from '@reckon/domain'
import type { Ingress, Node } from '@reckon/kubernetes'
import { startedCluster } from '../cluster.fixture.ts'
import { replicateTerm } from '../replicate-term.ts'
import { edgeAddresses, plan } from './plan.ts'

const node = (
  name: string,
  address: string,
  over: { label?: string; ready?: string } = {},
): Node => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name, labels: { 'reckon.dev/edge': over.label ?? 'true' } },
  spec: {},
  status: {
    addresses: [{ type: 'InternalIP', address }],
    conditions: [{ type: 'Ready', status: over.ready ?? 'True' }],
  },
})
const ingress = (spec: object = {}): Ingress => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'Ingress',
  metadata: { name: 'web', namespace: 'shop' },
  spec: { defaultBackend: { service: { name: 'web', port: { number: 80 } } }, ...spec },
})
test('edges are reached at the addresses of those that are ready, or of all where none is', () => {
  const nodes = [
    node('a', '10.0.0.2'),
    node('b', '10.0.0.1'),
    node('c', '10.0.0.3', { label: 'false' }),
  ]
  assert.deepEqual(edgeAddresses(nodes), ['10.0.0.1', '10.0.0.2'])
  const lost = node('b', '10.0.0.1', { ready: 'Unknown' })
  assert.deepEqual(edgeAddresses([node('a', '10.0.0.2'), lost]), ['10.0.0.2'])
  assert.deepEqual(edgeAddresses([lost]), ['10.0.0.1'])
})

test('an Ingress that says its addresses already is left as it is', () => {
  const status = { loadBalancer: { ingress: [{ ip: '10.0.0.1' }] } }
  const observed = { addresses: ['10.0.0.1'], certificates: [], taken: [] }
  assert.deepEqual(plan(ingress(), observed), [{ type: 'SetAddresses', status }])
  assert.deepEqual(plan({ ...ingress(), status }, observed), [])
  const nowhere = { ...observed, addresses: [] }
  assert.deepEqual(plan(ingress(), nowhere), [])
  assert.deepEqual(plan({ ...ingress(), status }, nowhere), [
    { type: 'SetAddresses', status: { loadBalancer: {} } },
  ])
})

test('who names a path that an older Ingress has is told which', () => {
  const taken = [{ host: 'shop.test', path: '/', by: 'other/web' }]
  const message = 'shop.test/ goes by Ingress other/web, which is older and has this path, too'
  const [step, ...others] = plan(ingress(), { addresses: [], certificates: [], taken })
  assert.deepEqual(step, { type: 'Warn', note: { type: 'Warning', reason: 'PathTaken', message } })
  assert.deepEqual(others, [])
})

test("a node that runs an edge is labelled; an Ingress has its address, and another controller's is left alone", async (t) => {
  const cluster = await startedCluster(t)
  await cluster.node('node-1')
  await cluster.node('node-2')
  cluster.start((signal) => replicateTerm({ ...cluster.ports, edgeNodes: ['node-1'] }, signal))
  const labelsOf = (name: string) =>
    cluster.list('Node').find(({ object }) => object.metadata.name === name)?.object.metadata.labels
  await cluster.until(
    'the edge is labelled',
    () => labelsOf('node-1')?.['reckon.dev/edge'] === 'true',
  )
  assert.equal(labelsOf('node-2')?.['reckon.dev/edge'], undefined)
  await cluster.change('Node', 'node-1', (object) => ({
    ...object,
    metadata: { ...object.metadata, labels: { 'reckon.dev/edge': 'false' } },
  }))
  await cluster.change('Node', 'node-1', (object) => ({
    ...object,
    metadata: { ...object.metadata, labels: {} },
  }))
  await cluster.until('it is again', () => labelsOf('node-1')?.['reckon.dev/edge'] === 'true')
})

test('what is wrong with a certificate is noted on the Ingress, once for each reason', async (t) => {
  const cluster = await startedCluster(t)
  const tls = [{ hosts: ['a.test'], secretName: 'pair' }]
  cluster.start((signal) => replicateTerm(cluster.ports, signal))
  const stored = await cluster.create(ingress({ tls }))
  const stream = notesStream(stored.object.metadata.uid ?? '')
  const notes = () => Array.fromAsync(cluster.ports.log.readStream(stream), noteIn)
  await noted(cluster, stream, 1)
  await cluster.change('Ingress', 'web', (object) => ({
    ...object,
    metadata: { ...object.metadata, labels: { looked: 'again' } },
  }))
  await cluster.change('Ingress', 'web', (object) => ({
    ...object,
    spec: { ...ingress().spec, tls: [...tls, { secretName: 'other' }] },
  }))
  await noted(cluster, stream, 2)
  assert.deepEqual(
    (await notes()).map(({ reason, message }) => `${reason}: ${message}`),
    [
      'CertificateRefused: Secret "pair" is not used for TLS: there is none',
      'CertificateRefused: Secret "other" is not used for TLS: there is none',
    ],
  )
})

async function noted(
  { ports }: Awaited<ReturnType<typeof startedCluster>>,
  stream: string,
  count: number,
): Promise<void> {
  let seen = 0
  for await (const event of ports.log.follow(undefined, AbortSignal.timeout(30_000))) {
    if ('type' in event && event.stream === stream && ++seen === count) return
  }
  assert.fail(`there are ${seen} notes, not ${count}`)
}
