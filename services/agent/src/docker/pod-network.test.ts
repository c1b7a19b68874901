import assert from 'node:assert/strict'
import { test } from 'node:test'
import type Docker from 'dockerode'
import { RuntimeRefusal } from '../runtime/runtime.ts'
import { ensurePodNetwork } from './pod-network.ts'

/** An engine that has the network of these addresses, or none. */
function engineWith(subnet?: string) {
  const created: Docker.NetworkCreateOptions[] = []
  const network = (Subnet?: string) => ({ Name: 'reckon-pods', IPAM: { Config: [{ Subnet }] } })
  const docker = {
    listNetworks: async () => {
      const own = created[0]?.IPAM?.Config?.[0]?.Subnet ?? subnet
      return own === undefined ? [] : [network(own)]
    },
    createNetwork: async (options: Docker.NetworkCreateOptions) => void created.push(options),
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
