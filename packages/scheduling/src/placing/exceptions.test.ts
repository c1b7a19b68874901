import assert from 'node:assert/strict'
import { test } from 'node:test'
import { node, pod } from '../plugins/scenario.fixture.ts'
import { defaultPolicy } from '../policy/default-policy.ts'
import { clusterStateOf } from '../state/cluster-state.fixture.ts'
import { place } from './place.ts'

test('pods that are counted by node count there, too, once a node that was full has room again', () => {
  const labels = { app: 'web' }
  const filler = pod({ nodeName: 'a' })
  const cluster = clusterStateOf(
    [node('a', { allocatable: { pods: '2' } }), node('b')],
    [pod({ nodeName: 'a', labels }), filler],
  )
  const apart = {
    labelSelector: { matchLabels: labels },
    topologyKey: 'kubernetes.io/hostname',
  }
  const wanted = pod({
    labels,
    affinity: { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [apart] } },
  })
  const suiting = () =>
    place(wanted, cluster, defaultPolicy)
      .verdicts()
      .flatMap((verdict) => (verdict.rejectedBy ? [] : [verdict.node]))
  assert.deepEqual(suiting(), ['b'])
  cluster.removePod(filler.metadata.uid ?? '')
  assert.deepEqual(suiting(), ['b'])
})
