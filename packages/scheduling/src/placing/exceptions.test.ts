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

test('pods that are counted by node count once on a node for which there was no room yet', () => {
  const labels = { app: 'web' }
  const constraint = {
    maxSkew: 1,
    topologyKey: 'kubernetes.io/hostname',
    whenUnsatisfiable: 'ScheduleAnyway',
    labelSelector: { matchLabels: labels },
  } as const
  const wanted = pod({ labels, topologySpreadConstraints: [constraint] })
  const names = Array.from({ length: 64 }, (_, n) => `n-${n}`)
  const cluster = clusterStateOf(
    names.map((name) => node(name)),
    names.map((nodeName) => pod({ nodeName, labels })),
  )
  place(wanted, cluster, defaultPolicy)
  cluster.setNode(node('one-more'))
  for (const revision of ['1', '2', '3']) {
    cluster.addPod(pod({ labels: { ...labels, revision } }), 'one-more')
    const { suitingCount, nodeName } = place(wanted, cluster, defaultPolicy)
    assert.equal(suitingCount, 65)
    if (revision !== '1') assert.notEqual(nodeName, 'one-more')
  }
})
