import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Service, ServicePort } from '@reckon/kubernetes'
import { defaultSettings } from '../cluster.ts'
import { reservationStream } from '../reservation.ts'
import { contextWith } from './prepare-context.fixture.ts'
import { serviceRules } from './service.ts'

/** A cluster in which these values are held; what is drawn begins at the first free place. */
const clusterWhereHeld = (...streams: string[]) =>
  contextWith({
    cluster: {
      cluster: 'c',
      founded: 'f',
      settings: { ...defaultSettings, serviceCidr: '10.96.0.0/28', nodePorts: [30_000, 30_002] },
    },
    holderOf: (reservable) =>
      streams.includes(reservationStream(reservable))
        ? { stream: 'services-default/x', uid: 'x' }
        : undefined,
  })

const service = (spec: Partial<Service['spec']>): Service =>
  ({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'web', namespace: 'default' },
    spec,
  }) as Service

const port = (number: number, nodePort?: number): ServicePort => ({
  port: number,
  protocol: 'TCP',
  ...(nodePort !== undefined && { nodePort }),
})

const nodePortsOf = ({ spec }: Service) => spec.ports?.map(({ nodePort }) => nodePort)
const created = (spec: Partial<Service['spec']>, cluster = clusterWhereHeld()): Service =>
  serviceRules.prepareCreate?.(service(spec), cluster) as Service
const updated = (after: Service, before: Service, cluster = clusterWhereHeld()): Service =>
  serviceRules.prepareUpdate?.(after, before, cluster) as Service

test('a Service gets the first free address above those that are asked for by number', () => {
  assert.equal(created({}).spec.clusterIP, '10.96.0.4')
  const cluster = clusterWhereHeld('clusterips-10.96.0.4', 'clusterips-10.96.0.5')
  const { spec, status } = created({}, cluster)
  assert.deepEqual([spec.clusterIP, spec.clusterIPs], ['10.96.0.6', ['10.96.0.6']])
  assert.deepEqual(status, { loadBalancer: {} })
})

test('where all addresses are held no Service is created', () => {
  const all = Array.from({ length: 16 }, (_, n) => `clusterips-10.96.0.${n}`)
  assert.throws(() => created({}, clusterWhereHeld(...all)), /all addresses of 10.96.0.0\/28/)
})

test('an address that was chosen stays, none included, and an update keeps what was given', () => {
  assert.equal(created({ clusterIP: '10.96.0.1' }).spec.clusterIP, '10.96.0.1')
  assert.equal(created({ clusterIP: 'None' }).spec.clusterIP, 'None')
  const before = created({}, clusterWhereHeld('clusterips-10.96.0.4'))
  assert.equal(updated(service({}), before).spec.clusterIP, '10.96.0.5')
})

for (const chosen of ['8.8.8.8', '10.96.0.0', '10.96.0.15', '10.95.255.255', 'fd00::1']) {
  test(`an address that is not for Services is refused: ${chosen}`, () => {
    assert.throws(() => created({ clusterIP: chosen }), {
      reason: 'Invalid',
      message: `Service "web" is invalid: spec.clusterIPs: Invalid value: ["${chosen}"]: failed to allocate IP ${chosen}: the provided IP (${chosen}) is not in the valid range. The range of valid IPs is 10.96.0.0/28`,
    })
  })
}

test('an address outside of the range that a Service had already is not judged again', () => {
  const before = service({ clusterIP: '192.0.2.1', clusterIPs: ['192.0.2.1'] })
  assert.equal(updated(before, before).spec.clusterIP, '192.0.2.1')
})

test('what is no address at all is left for validation to name', () => {
  assert.equal(created({ clusterIP: 'nonsense' }).spec.clusterIP, 'nonsense')
})

test('a Service that becomes an ExternalName gives up its address and node ports by itself', () => {
  const before = created({
    type: 'NodePort',
    ipFamilies: ['IPv4'],
    ipFamilyPolicy: 'SingleStack',
    externalTrafficPolicy: 'Cluster',
    ports: [port(80)],
  })
  const { spec } = updated(service({ ...before.spec, type: 'ExternalName' }), before)
  assert.deepEqual(spec, { type: 'ExternalName', ports: [port(80)] })
})

test('what the client changed together with the type stays, for validation to name', () => {
  const before = created({ type: 'NodePort', ports: [port(80)] })
  const { spec } = updated(
    service({
      type: 'ClusterIP',
      clusterIP: before.spec.clusterIP ?? '',
      ports: [port(80, 30_002)],
    }),
    before,
  )
  assert.deepEqual(nodePortsOf({ ...before, spec }), [30_002])
})

test('a balanced Service has no node ports where it wants none, and loses what is for balancing with its type', () => {
  const wanted: Partial<Service['spec']> = {
    type: 'LoadBalancer',
    allocateLoadBalancerNodePorts: false,
    loadBalancerClass: 'x.test/y',
    ports: [port(80)],
  }
  const before = created(wanted)
  assert.deepEqual(nodePortsOf(before), [undefined])
  const { spec } = updated(service({ ...before.spec, type: 'ClusterIP' }), before)
  assert.deepEqual(Object.keys(spec).sort(), ['clusterIP', 'clusterIPs', 'ports', 'type'])
})

for (const type of ['NodePort', 'LoadBalancer'] as const) {
  test(`each port of a ${type} gets a node port that no other has`, () => {
    const cluster = clusterWhereHeld('nodeports-30000')
    const ports = [port(80), port(443)]
    assert.deepEqual(nodePortsOf(created({ type, ports }, cluster)), [30_001, 30_002])
  })
}

test('a node port that another port of the same Service asks for is not drawn', () => {
  const { spec } = created({ type: 'NodePort', ports: [port(80), port(443, 30_000)] })
  assert.deepEqual(
    spec.ports?.map(({ nodePort }) => nodePort),
    [30_001, 30_000],
  )
})

test('where all node ports are held none is given', () => {
  const cluster = clusterWhereHeld('nodeports-30000', 'nodeports-30001', 'nodeports-30002')
  const create = () => created({ type: 'NodePort', ports: [port(80)] }, cluster)
  assert.throws(create, /all node ports from 30000 to 30002/)
})

test('a Service of another type has no node ports', () => {
  const before = created({ type: 'NodePort', ports: [port(80)] })
  const { spec } = updated(service({ type: 'ClusterIP', ports: before.spec.ports ?? [] }), before)
  assert.deepEqual(spec.ports, [port(80)])
})

test('an update keeps the node port of the same port and protocol, and of no other', () => {
  const before = created({ type: 'NodePort', ports: [port(80, 30_002)] })
  const after = (...ports: ServicePort[]) => updated(service({ type: 'NodePort', ports }), before)
  assert.deepEqual(nodePortsOf(after(port(80))), [30_002])
  assert.deepEqual(nodePortsOf(after(port(81))), [30_000])
  assert.deepEqual(nodePortsOf(after({ ...port(80), protocol: 'UDP' })), [30_000])
})

test('a node port that is chosen lies in the range of the cluster', () => {
  const choose = (nodePort: number) =>
    created({ type: 'NodePort', ports: [port(80, nodePort)] }).spec.ports
  assert.deepEqual(choose(30_000), [port(80, 30_000)])
  assert.deepEqual(choose(30_002), [port(80, 30_002)])
  for (const outside of [29_999, 30_003]) {
    assert.throws(() => choose(outside), {
      reason: 'Invalid',
      message: new RegExp(`${outside}: provided port is not in the valid range.*30000-30002`),
    })
  }
})

test('a node port that the Service had already is not judged again', () => {
  const before = service({ type: 'NodePort', ports: [port(80, 20_000)] })
  assert.deepEqual(nodePortsOf(updated(before, before)), [20_000])
})

test('addresses and node ports are held for the Service alone; none and nothing are not', () => {
  const held = (spec: Partial<Service['spec']>) => serviceRules.reservables?.(service(spec))
  assert.deepEqual(held({ clusterIPs: ['10.96.0.4'], ports: [port(80), port(443, 30_001)] }), [
    { pool: 'clusterips', value: '10.96.0.4', field: 'spec.clusterIPs' },
    { pool: 'nodeports', value: '30001', field: 'spec.ports[1].nodePort' },
  ])
  assert.deepEqual(held({ clusterIPs: ['None'] }), [])
  assert.deepEqual(held({ clusterIPs: [''] }), [])
  assert.deepEqual(held({}), [])
})

const local: Partial<Service['spec']> = {
  type: 'LoadBalancer',
  externalTrafficPolicy: 'Local',
  ports: [port(80)],
}

test('a Service whose machines lead to their own pods alone has a port at which balancers ask, of those for node ports', () => {
  const { spec } = created(local)
  assert.deepEqual(nodePortsOf(service(spec)), [30_000])
  assert.equal(spec.healthCheckNodePort, 30_001)
  const held = serviceRules.reservables?.(service(spec)).map(reservationStream)
  assert.deepEqual(
    held?.filter((stream) => stream.startsWith('nodeports')),
    ['nodeports-30000', 'nodeports-30001'],
  )
  assert.equal(created({ ...local, healthCheckNodePort: 30_002 }).spec.healthCheckNodePort, 30_002)
  assert.throws(() => created({ ...local, healthCheckNodePort: 80 }), {
    message: /spec.healthCheckNodePort: Invalid value: 80: provided port is not in the valid range/,
  })
  assert.equal(
    created({ ...local, externalTrafficPolicy: 'Cluster' }).spec.healthCheckNodePort,
    undefined,
  )
})

test('that port is none of its node ports, whether asked for or given', () => {
  const asked = created({ ...local, healthCheckNodePort: 30_000 })
  assert.deepEqual(nodePortsOf(asked), [30_001])
  assert.throws(
    () => created({ ...local, ports: [port(80, 30_000)], healthCheckNodePort: 30_000 }),
    { message: /spec.healthCheckNodePort: Invalid value: 30000: .*port is already allocated/ },
  )
})

test('it keeps that port while it needs it, and loses it with the policy', () => {
  const before = created(local)
  const { healthCheckNodePort, ...without } = before.spec
  assert.equal(updated(service(without), before).spec.healthCheckNodePort, healthCheckNodePort)
  const cluster = service({ ...before.spec, externalTrafficPolicy: 'Cluster' })
  assert.equal(updated(cluster, before).spec.healthCheckNodePort, undefined)
})

test('addresses that contradict each other are left for validation to name', () => {
  const both = (clusterIP: string, other: string) => ({
    ...{ type: 'NodePort', clusterIP, clusterIPs: [other], ports: [port(80)] },
  })
  const { spec } = created(both('10.96.0.1', '10.96.0.2'))
  assert.deepEqual(spec, both('10.96.0.1', '10.96.0.2'))
  assert.deepEqual(nodePortsOf(created(both('10.96.0.1', '10.96.0.1'))), [30_000])
})

test('a health check port that the Service had already is not judged again', () => {
  const before = service({ ...created(local).spec, healthCheckNodePort: 40_000 })
  assert.equal(updated(before, before).spec.healthCheckNodePort, 40_000)
})

test('a Service with external addresses has a policy for them, whatever its type, until it loses them', () => {
  const wanted = { externalIPs: ['192.0.2.9'], externalTrafficPolicy: 'Cluster', ports: [port(80)] }
  const before = created({ ...wanted, type: 'LoadBalancer', allocateLoadBalancerNodePorts: false })
  const plain = updated(service({ ...before.spec, type: 'ClusterIP' }), before)
  assert.equal(plain.spec.externalTrafficPolicy, 'Cluster')
  const { externalIPs: _, ...without } = plain.spec
  assert.equal(updated(service(without), plain).spec.externalTrafficPolicy, undefined)
  const changed = service({ ...without, externalTrafficPolicy: 'Local' })
  assert.equal(updated(changed, plain).spec.externalTrafficPolicy, 'Local', 'asked for anew')
})
