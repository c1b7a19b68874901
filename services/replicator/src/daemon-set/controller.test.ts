import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { DaemonSet, Pod } from '@reckon/kubernetes'
import { scheduleTerm } from '@reckon/scheduler/term'
import { RecordedPolicies } from '@reckon/scheduling'
import { startedCluster } from '../cluster.fixture.ts'
import { replicateTerm } from '../replicate-term.ts'

/** Upstream's defaults. */
const policies = new RecordedPolicies()

const setOf = (image: string) => ({
  apiVersion: 'apps/v1',
  kind: 'DaemonSet',
  metadata: { name: 'log', namespace: 'shop' },
  spec: {
    selector: { matchLabels: { app: 'log' } },
    template: {
      metadata: { labels: { app: 'log' } },
      spec: { containers: [{ name: 'c', image }] },
    },
  },
})

test('a DaemonSet follows the nodes and its template', async (t) => {
  const cluster = await startedCluster(t)
  cluster.start((signal) => replicateTerm(cluster.ports, signal))
  cluster.start((signal) => scheduleTerm({ ...cluster.ports, policies }, 1, signal))
  cluster.agents()
  await cluster.node('a')
  await cluster.create(setOf('i:1'))
  const pods = () => cluster.list<Pod>('Pod').map(({ object }) => object)
  const status = () => cluster.list<DaemonSet>('DaemonSet')[0]?.object.status
  const runOn = (nodes: readonly string[], image: string) => () =>
    status()?.numberAvailable === nodes.length &&
    status()?.updatedNumberScheduled === nodes.length &&
    pods().length === nodes.length &&
    pods().every(({ spec }) => spec.containers[0]?.image === image) &&
    nodes.every((node) => pods().some(({ spec }) => spec.nodeName === node))
  await cluster.until('it runs on the node', runOn(['a'], 'i:1'))
  await cluster.node('b')
  await cluster.until('it runs on the new node, too', runOn(['a', 'b'], 'i:1'))
  const { spec } = setOf('i:2')
  await cluster.change('DaemonSet', 'log', (object) => ({
    ...object,
    spec: { ...spec, updateStrategy: (object as DaemonSet).spec.updateStrategy },
  }))
  await cluster.until('both are of the new template', runOn(['a', 'b'], 'i:2'))
  assert.equal(cluster.list('ControllerRevision').length, 2)
})
