import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Pod } from '../object.ts'
import { hostPortsClash, hostPortsOf } from './host-ports.ts'

const port = (ip: string, number: number, protocol = 'TCP') => ({ ip, port: number, protocol })

test('two ports clash where number, protocol and address are the same, or one means every address', () => {
  const one = port('10.0.0.1', 80)
  assert.ok(hostPortsClash(one, port('10.0.0.1', 80)))
  assert.ok(hostPortsClash(one, port('0.0.0.0', 80)))
  assert.ok(hostPortsClash(port('0.0.0.0', 80), one))
  assert.ok(!hostPortsClash(one, port('10.0.0.2', 80)))
  assert.ok(!hostPortsClash(one, port('10.0.0.1', 81)))
  assert.ok(!hostPortsClash(one, port('10.0.0.1', 80, 'UDP')))
})

test('sidecars take ports while the pod runs, other init containers do not', () => {
  const ports = (hostPort?: number, more = {}) => [
    { containerPort: 1, ...(hostPort && { hostPort }), ...more },
  ]
  const initContainers = [
    { name: 'i', image: 'app', ports: ports(81) },
    { name: 's', image: 'app', restartPolicy: 'Always', ports: ports(82) },
  ]
  const containers = [
    { name: 'a', image: 'app', ports: ports(83, { hostIP: '10.0.0.1', protocol: 'UDP' }) },
    { name: 'b', image: 'app', ports: ports() },
    { name: 'c', image: 'app' },
  ]
  const metadata = { name: 'web', namespace: 'shop' }
  const wanted: Pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata,
    spec: { initContainers, containers },
  }
  assert.deepEqual(hostPortsOf(wanted), [port('0.0.0.0', 82), port('10.0.0.1', 83, 'UDP')])
})
