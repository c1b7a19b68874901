import assert from 'node:assert/strict'
import { test } from 'node:test'
import { node, pod } from '../plugins/scenario.fixture.ts'
import { clusterStateOf } from '../state/cluster-state.fixture.ts'
import { EqualLoads } from './equal-loads.ts'
import { LoadVerdicts } from './load-verdicts.ts'

function judging() {
  const cluster = clusterStateOf([node('a'), node('b')], [])
  const loads = new EqualLoads(cluster)
  const verdicts = new LoadVerdicts(loads)
  const asked: string[] = []
  const at = (name: string, verdict: number) => {
    verdicts.refresh()
    return verdicts.at(cluster.slots.find(name) ?? -1, () => {
      asked.push(name)
      return verdict
    })
  }
  return { cluster, loads, asked, at }
}

test('a load is judged once, be it a score or a rejection', () => {
  for (const verdict of [0, 7, -2]) {
    const { at, asked } = judging()
    assert.deepEqual([at('a', verdict), at('b', 9), at('a', 9)], [verdict, verdict, verdict])
    assert.deepEqual(asked, ['a'])
  }
})

test('a verdict that is too large to be remembered is found again', () => {
  const { at, asked } = judging()
  assert.deepEqual([at('a', 40_000), at('b', 50_000)], [40_000, 50_000])
  assert.deepEqual(asked, ['a', 'b'])
})

test('what was judged is forgotten with the numbers of loads', () => {
  const { cluster, loads, at } = judging()
  assert.equal(at('b', 7), 7)
  for (let n = 0; loads.epoch === 0; n++) {
    cluster.addPod(pod({ requests: { cpu: `${n}m` } }), 'a')
    at('a', 8)
  }
  assert.equal(at('b', 9), 9)
})
