import assert from 'node:assert/strict'
import { test } from 'node:test'
import { layoutOf } from '../layout.ts'
import type { MachineFile } from './machine-file.ts'
import { machineProcesses } from './machine-processes.ts'

const machine: MachineFile = {
  ...{ cluster: 'c1', server: 'https://10.0.0.5:6443', nats: 'nats://10.0.0.5:4222' },
  ...{ node: 'w1', runtime: 'docker', dockerHost: '/var/run/docker.sock' },
  ports: { ingressHttp: 8080, ingressHttps: 8443, registry: 5056 },
}
const components = { dockerRegistry: { path: '/bin/docker-registry', version: '2' } }
type Found = Parameters<typeof machineProcesses>[2]
const specsOf = (of: MachineFile, found: Found = components) =>
  machineProcesses(layoutOf('/data'), of, found)

test('a machine that has joined has a registry of its own, which its agent asks first', () => {
  const specs = specsOf(machine)
  assert.deepEqual(
    specs.map(({ name }) => name),
    ['agent-w1', 'registry', 'proxy'],
  )
  assert.match(specs[0]?.args.join(' ') ?? '', /--registry-mirror 127\.0\.0\.1:5056/)
  assert.match(specs[1]?.args.join(' ') ?? '', /serve --port 5056 --docker-registry \/bin/)
})

test('there is none where its pods are simulated, no program for it is, or it joined before', () => {
  const { registry: _, ...before } = machine.ports
  for (const specs of [
    specsOf({ ...machine, runtime: 'simulated' }),
    specsOf(machine, {}),
    specsOf({ ...machine, ports: before }),
  ]) {
    assert.ok(!specs.some(({ name }) => name === 'registry'))
  }
})
