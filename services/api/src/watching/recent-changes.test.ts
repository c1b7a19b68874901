import assert from 'node:assert/strict'
import { test } from 'node:test'
import { resourceNamed } from '@reckon/kubernetes'
import { configMap, inDefault, startedApi } from '../api.fixture.ts'
import { RecentChanges } from './recent-changes.ts'

test('large changes are forgotten sooner, so that they do not fill the memory', async (t) => {
  const api = await startedApi()
  t.after(() => api.close())
  const recent = new RecentChanges(api.ports.objects, 100, 10_000)
  const positions: bigint[] = []
  for (let each = 0; each < 9; each += 1) {
    const body = { ...configMap(`a${each}`), data: { text: 'x'.repeat(4_000) } }
    const { json } = await api.ask('POST', inDefault('configmaps'), { body })
    positions.push(BigInt(json.metadata.resourceVersion ?? 0))
  }
  const resource = resourceNamed('configmaps')
  const after = (nth: number) => recent.after(resource, positions.at(nth) ?? 0n)?.length
  assert.equal(after(0), undefined)
  assert.equal(after(-2), 1)
  assert.equal(after(-1), 0)
})
