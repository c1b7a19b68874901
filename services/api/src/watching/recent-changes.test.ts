import assert from 'node:assert/strict'
import { test } from 'node:test'
import { configMaps, parseLabelSelector } from '@reckon/kubernetes'
import { configMap, inDefault, startedApi } from '../api.fixture.ts'
import { RecentChanges } from './recent-changes.ts'

const path = inDefault('configmaps')
const resource = configMaps

test('large changes are forgotten sooner, so that they do not fill the memory', async (t) => {
  const api = await startedApi()
  t.after(() => api.close())
  const recent = new RecentChanges(api.ports.objects, 100, 10_000)
  const positions: bigint[] = []
  for (let each = 0; each < 9; each += 1) {
    const body = { ...configMap(`a${each}`), data: { text: 'x'.repeat(4_000) } }
    const { json } = await api.ask('POST', path, { body })
    positions.push(BigInt(json.metadata.resourceVersion ?? 0))
  }
  const after = (nth: number) => recent.after(resource, positions.at(nth) ?? 0n)?.length
  assert.equal(after(0), undefined)
  assert.equal(after(-2), 1)
  assert.equal(after(-1), 0)
})

test('the view is undone to an earlier position as far as changes are remembered', async () => {
  const api = await startedApi()
  const recent = new RecentChanges(api.ports.objects, 4)
  const versions: bigint[] = []
  for (let i = 0; i < 20; i++) {
    const { json } = await api.ask('POST', path, { body: configMap(`cm-${i}`) })
    versions.push(BigInt(json.metadata.resourceVersion ?? ''))
  }
  await api.ask('DELETE', `${path}/cm-17`)
  await api.ask('GET', path)
  for (const [index, count] of [
    [18, 19],
    [19, 20],
  ] as const) {
    const at = versions[index] ?? 0n
    const objects = recent.asOf(resource, at, { namespace: 'default' })
    assert.equal([...(objects ?? [])].length, count)
    assert.equal(recent.countAsOf(resource, at, 'default'), count)
  }
  assert.equal(recent.asOf(resource, versions[2] ?? 0n, {}), undefined)
  await api.close()
})

test('labels choose by what an object had then, not by what it has now', async (t) => {
  const api = await startedApi()
  t.after(() => api.close())
  const recent = new RecentChanges(api.ports.objects)
  const recolour = async (name: string, colour: string) => {
    const type = 'application/merge-patch+json'
    const body = { metadata: { labels: { colour } } }
    const { json } = await api.ask('PATCH', `${path}/${name}`, { type, body })
    return BigInt(json.metadata.resourceVersion ?? '')
  }
  for (const name of ['a', 'b']) await api.ask('POST', path, { body: configMap(name) })
  await recolour('a', 'red')
  const then = await recolour('b', 'blue')
  await recolour('a', 'blue')
  await recolour('b', 'red')
  const labels = parseLabelSelector('colour=red')
  const names = (position: bigint) =>
    Array.from(
      recent.asOf(resource, position, { labels }) ?? [],
      ({ object }) => object.metadata.name,
    )
  assert.deepEqual(names(then), ['a'])
  assert.deepEqual(names(api.ports.objects.position ?? 0n), ['b'])
})
