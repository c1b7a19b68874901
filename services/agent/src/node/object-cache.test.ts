import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ingresses, type Node, nodes, services } from '@reckon/kubernetes'
import { type NodeUpsert, placesId } from '@reckon/node-plane'
import { ObjectCache } from './object-cache.ts'

const cause = { id: 'i', correlationId: 'c' }
const settings = {
  clusterCidr: '10.244.0.0/16',
  serviceCidr: '10.96.0.0/12',
  domain: 'cluster.local',
  clusterDns: '169.254.20.10',
}
const upsert = (resource: string, name: string): NodeUpsert => {
  const object: Node = { apiVersion: 'v1', kind: 'Node', metadata: { name }, spec: {} }
  return { type: 'Upsert', resource, object, cause }
}

test('of what is told for the proxy of its machine an agent keeps nothing', () => {
  const known = new ObjectCache()
  const shared = known.listener('Shared')
  const objects = [upsert(placesId, 'a'), upsert('nodes', 'a')]
  shared.onState({ position: 1n, cluster: 'c', settings, objects })
  shared.onChanges(2n, [upsert(placesId, 'b')])
  assert.deepEqual([known.size, known.list(nodes).length], [1, 1])
  assert.equal(known.list(services).length, 0)
  assert.throws(() => known.list(ingresses), /an agent keeps no ingresses/)
})
