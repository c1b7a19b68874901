import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inZone, node, pod } from '../plugins/scenario.fixture.ts'
import { defaultPolicy } from '../policy/default-policy.ts'
import { clusterStateOf } from '../state/cluster-state.fixture.ts'
import type { ClusterState } from '../state/cluster-state.ts'
import { place } from './place.ts'

/** So many equal nodes, the first ones with a pod each. */
function cluster(count: number, { loaded = 0 } = {}): ClusterState {
  const names = Array.from({ length: count }, (_, n) => `n-${String(n).padStart(3, '0')}`)
  const pods = names.slice(0, loaded).map((nodeName) => pod({ nodeName, requests: { cpu: '1' } }))
  return clusterStateOf(
    names.map((name) => node(name)),
    pods,
  )
}
const placed = (of: ClusterState, wanted = pod()) => place(wanted, of, defaultPolicy)

test('of equal nodes the one of the rank is chosen, from both ends of the names', () => {
  const equal = cluster(9)
  const found = new Map<number, string>()
  for (let n = 0; n < 400; n++) {
    const { choice, nodeName = '' } = placed(equal)
    found.set(choice?.rank ?? -1, nodeName)
  }
  const names = [...found].sort(([a], [b]) => a - b).map(([, name]) => name)
  assert.deepEqual(
    names,
    Array.from({ length: 9 }, (_, n) => `n-00${n}`),
  )
})

test('the only best node is found at once', () => {
  const { choice, nodeName } = placed(cluster(5, { loaded: 4 }))
  assert.deepEqual([nodeName, choice?.tied, choice?.rank], ['n-004', 1, 0])
})

test('the best nodes are told after the chosen one, by name where they are equal, no more than asked for', () => {
  const placement = placed(cluster(5, { loaded: 3 }))
  const others = ['n-003', 'n-004'].filter((name) => name !== placement.nodeName)
  const best = (max: number) => placement.best(max).map(({ node: name }) => name)
  assert.deepEqual(best(4), [placement.nodeName, ...others, 'n-000', 'n-001'])
  assert.deepEqual(best(2), [placement.nodeName, ...others])
  assert.deepEqual(best(1), [placement.nodeName])
  assert.equal(best(99).length, 5)
})

test('where no node suits none is best', () => {
  const placement = placed(cluster(3), pod({ requests: { cpu: '99' } }))
  assert.deepEqual(placement.best(3), [])
  assert.deepEqual([...placement.rejectedBy], ['NodeResourcesFit'])
})

test('nodes that hold pods which are counted node by node are told apart from their likes', () => {
  const labels = { app: 'web' }
  const apart = pod({
    labels,
    affinity: {
      podAntiAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: [
          { topologyKey: 'kubernetes.io/hostname', labelSelector: { matchLabels: labels } },
        ],
      },
    },
  })
  const of = cluster(4)
  for (const expected of [4, 3, 2, 1]) {
    const metadata = { ...apart.metadata, name: `p-${expected}`, uid: `u-${expected}` }
    const next = { ...apart, metadata }
    const { suitingCount, nodeName = assert.fail() } = placed(of, next)
    assert.equal(suitingCount, expected)
    of.addPod(next, nodeName)
  }
  const none = placed(of, apart)
  assert.match(
    none.message,
    /^0\/4 nodes are available: 4 node\(s\) didn't match pod anti-affinity/,
  )
  of.removePod('u-3')
  assert.equal(placed(of, apart).suitingCount, 1)
  of.setNode(inZone('z1', 'n-new'))
  assert.equal(placed(of, apart).suitingCount, 2)
})
