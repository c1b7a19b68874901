import assert from 'node:assert/strict'
import { test } from 'node:test'
import { configMaps, type KubernetesObject } from '@reckon/kubernetes'
import { configMap, inDefault, startedApi } from '../api.fixture.ts'
import { replayChanges } from './replay-changes.ts'

const path = inDefault('configmaps')

test('changes after a position are folded from what was before it', async () => {
  const api = await startedApi()
  const patch = async (name: string, k: string) => {
    const type = 'application/merge-patch+json'
    const { json } = await api.ask('PATCH', `${path}/${name}`, {
      type,
      body: { data: { k } },
    })
    return BigInt(json.metadata.resourceVersion ?? '')
  }
  await api.ask('POST', path, { body: configMap('a') })
  // More changes than lie between two whole objects.
  for (let i = 0; i < 70; i++) await patch('a', `early ${i}`)
  const after = await patch('a', 'before')
  await patch('a', 'first')
  await api.ask('POST', path, { body: configMap('b') })
  await api.ask('DELETE', `${path}/a`)
  await api.ask('POST', path, { body: configMap('a') })
  const upTo = await patch('a', 'last')
  await patch('a', 'too late')

  const span = { after, upTo }
  const changes = await Array.fromAsync(replayChanges(api.ports, [configMaps], span))
  const received = changes.map(({ type, stored, before }) => {
    const value = (object?: KubernetesObject) => (object?.data as { k: string })?.k
    return [type, stored.object.metadata.name, value(before?.object), value(stored.object)]
  })
  assert.deepEqual(received, [
    ['MODIFIED', 'a', 'before', 'first'],
    ['ADDED', 'b', undefined, 'v'],
    ['DELETED', 'a', 'first', 'first'],
    ['ADDED', 'a', undefined, 'v'],
    ['MODIFIED', 'a', 'v', 'last'],
  ])
  await api.close()
})
