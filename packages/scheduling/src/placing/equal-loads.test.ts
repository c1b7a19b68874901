import assert from 'node:assert/strict'
import { test } from 'node:test'
import { node, pod } from '../plugins/scenario.fixture.ts'
import { clusterStateOf } from '../state/cluster-state.fixture.ts'
import { EqualLoads } from './equal-loads.ts'

const amounts = { requests: { cpu: '1', memory: '1Gi' } }

function loadsOf(names: readonly string[]) {
  const cluster = clusterStateOf(
    names.map((name) => node(name)),
    [],
  )
  const loads = new EqualLoads(cluster)
  const at = (name: string) => loads.at(cluster.slots.find(name) ?? -1)
  return { cluster, loads, at }
}

test('nodes have the same number while they have the same amounts, and as much of these is taken', () => {
  const { cluster, loads, at } = loadsOf(['a', 'b'])
  loads.refresh()
  assert.equal(at('a'), at('b'))
  const [one, other] = [pod(amounts), pod({ ...amounts, labels: { app: 'other' } })]
  cluster.addPod(one, 'a')
  loads.refresh()
  assert.notEqual(at('a'), at('b'))
  cluster.addPod(other, 'b')
  loads.refresh()
  assert.equal(at('a'), at('b'))
  cluster.removePod(one.metadata.uid ?? '')
  cluster.setNode(node('b', { allocatable: { cpu: '8' } }))
  loads.refresh()
  assert.notEqual(at('a'), at('b'))
})

test('a pod that asks for nothing takes a place, and counts for scoring', () => {
  const { cluster, loads, at } = loadsOf(['a', 'b'])
  cluster.addPod(pod(), 'a')
  loads.refresh()
  assert.notEqual(at('a'), at('b'))
})

test('nodes whose pods take other host ports are not the same, in whichever order these were taken', () => {
  const { cluster, loads, at } = loadsOf(['a', 'b'])
  const listening = (hostPort: number) =>
    pod({ containers: [{ name: 'app', image: 'app', ports: [{ hostPort, containerPort: 80 }] }] })
  const areSame = () => {
    loads.refresh()
    return at('a') === at('b')
  }
  cluster.addPod(listening(80), 'a')
  cluster.addPod(listening(443), 'b')
  assert.equal(areSame(), false)
  const last = listening(443)
  cluster.addPod(last, 'a')
  cluster.addPod(listening(80), 'b')
  assert.equal(areSame(), true)
  cluster.removePod(last.metadata.uid ?? '')
  cluster.addPod(pod(), 'a')
  assert.equal(areSame(), false)
})

test('a resource that somebody asks about only now leaves the same what was the same', () => {
  const { cluster, loads, at } = loadsOf(['a', 'b'])
  loads.refresh()
  const before = at('a')
  cluster.resources.of('example.com/gpu')
  cluster.setNode(node('b', { labels: { team: 'x' } }))
  loads.refresh()
  assert.equal(at('b'), before)
  cluster.setNode(node('b', { allocatable: { 'example.com/gpu': '1' } }))
  loads.refresh()
  assert.notEqual(at('b'), before)
})

test('numbers end before there are many more of them than nodes, and mean nothing from then on', () => {
  const { cluster, loads, at } = loadsOf(['a', 'b'])
  const numbers = new Set<number>()
  for (let n = 0; loads.epoch === 0; n++) {
    cluster.addPod(pod({ requests: { cpu: `${n}m` } }), 'a')
    loads.refresh()
    numbers.add(at('a')).add(at('b'))
    assert.ok(n <= 2 * cluster.slots.capacity, `${n}`)
  }
  assert.equal(Math.max(...numbers) + 1, numbers.size)
  assert.notEqual(at('a'), at('b'))
})

test('nodes for which there was no room yet have a number, too', () => {
  const { cluster, loads, at } = loadsOf(['a'])
  loads.refresh()
  const before = at('a')
  for (let n = 0; n < 100; n++) cluster.setNode(node(`n-${n}`))
  loads.refresh()
  assert.equal(at('n-99'), before)
})
