import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startedCluster } from './cluster.fixture.ts'
import { replicateTerm } from './replicate-term.ts'

test('each namespace gets its account and the authority, again when they are deleted', async (t) => {
  const { ports, start, list, remove, until, events } = await startedCluster(t)
  start((signal) => replicateTerm({ ...ports, rootCa: 'PEM' }, signal))
  const names = (kind: string) => list(kind).map(({ object }) => object.metadata.name)
  const isFurnished = () =>
    names('ServiceAccount').includes('default') && names('ConfigMap').includes('kube-root-ca.crt')
  await until('the namespace is furnished', isFurnished)
  await remove('ServiceAccount', 'default')
  await remove('ConfigMap', 'kube-root-ca.crt')
  await until('it is furnished again', isFurnished)
  assert.deepEqual(names('PriorityClass'), ['system-cluster-critical', 'system-node-critical'])
  const made = (await events()).filter(({ type }) => type === 'ServiceAccountCreated')
  assert.equal(made[0]?.metadata?.actor.user, 'system:controller:service-account-controller')
})
