import assert from 'node:assert/strict'
import { test } from 'node:test'
import type Docker from 'dockerode'
import { RuntimeRefusal } from '../../runtime/runtime.ts'
import { ensurePodNetwork } from './pod-network.ts'

/** An engine that has the network of these addresses, or none. */
function engineWith(subnet?: string, { ApiVersion = '1.41', isInUse = false, pods = 0 } = {}) {
  const created: Docker.NetworkCreateOptions[] = []
  const known = { Name: 'reckon-pods', Id: 'pods' }
  const IPAM = { Config: [{ Subnet: subnet }] }
  let network: object | undefined = subnet ? { ...known, IPAM, Options: {} } : undefined
  const remove = async () => {
    if (isInUse) throw Object.assign(new Error('it has active endpoints'), { statusCode: 403 })
    network = undefined
  }
  const docker = {
    version: async () => ({ ApiVersion }),
    listContainers: async () => Array.from({ length: pods }, () => ({})),
    listNetworks: async () => [network ?? []].flat(),
    getNetwork: () => ({ remove }),
    createNetwork: async (options: Docker.NetworkCreateOptions) => {
      created.push(options)
      network = { ...known, ...options }
    },
  } as unknown as Docker
  return { docker, created }
}

test("the pods' network has the addresses that the cluster was founded with, its gateway the first of them", async () => {
  for (const [founded, gateway] of [
    ['10.244.0.0/16', '10.244.0.1'],
    ['10.244.0.0/14', '10.244.0.1'],
    ['10.192.0.0/10', '10.192.0.1'],
  ] as const) {
    const { docker, created } = engineWith()
    await ensurePodNetwork(docker, founded)
    assert.deepEqual(created[0]?.IPAM?.Config, [{ Subnet: founded, Gateway: gateway }])
    await ensurePodNetwork(docker, founded)
    assert.equal(created.length, 1)
  }
})

test('a network of other addresses is refused, and not taken away from whoever has it', async () => {
  const { docker, created } = engineWith('10.0.0.0/8')
  await assert.rejects(ensurePodNetwork(docker, '10.244.0.0/16'), (error) => {
    assert.ok(error instanceof RuntimeRefusal)
    assert.match(
      error.message,
      /has the addresses 10.0.0.0\/8, but the cluster's are 10.244.0.0\/16/,
    )
    return true
  })
  assert.equal(created.length, 0)
})

const gatewayMode = 'com.docker.network.bridge.gateway_mode_ipv4'

test('an engine that keeps other machines from its containers is told to let them through, and none that knows no such word', async () => {
  for (const [ApiVersion, mode] of [
    ['1.41', undefined],
    ['1.47', undefined],
    ['1.48', 'nat-unprotected'],
    ['2.0', 'nat-unprotected'],
  ] as const) {
    const { docker, created } = engineWith(undefined, { ApiVersion })
    await ensurePodNetwork(docker, '10.244.0.0/16')
    assert.equal(created[0]?.Options?.[gatewayMode], mode, ApiVersion)
    await ensurePodNetwork(docker, '10.244.0.0/16')
    assert.equal(created.length, 1)
  }
})

test('a network that an earlier engine made is made anew where nothing runs on it', async () => {
  const cidr = '10.244.0.0/16'
  const idle = engineWith(cidr, { ApiVersion: '1.48' })
  await ensurePodNetwork(idle.docker, cidr)
  assert.equal(idle.created[0]?.Options?.[gatewayMode], 'nat-unprotected')
  // Docker knows of those containers alone that it has joined itself.
  for (const use of [{ isInUse: true }, { pods: 1 }]) {
    const used = engineWith(cidr, { ApiVersion: '1.48', ...use })
    await ensurePodNetwork(used.docker, cidr)
    assert.equal(used.created.length, 0)
  }
})
