import assert from 'node:assert/strict'
import { test } from 'node:test'
import { configMaps } from '@reckon/kubernetes'
import { configMap, inDefault, startedApi } from '../api.fixture.ts'
import { followChanges } from './follow-changes.ts'
import { RecentChanges } from './recent-changes.ts'

const path = inDefault('configmaps')
const resource = configMaps

test('a reader that is slower than what is remembered misses nothing and gets nothing twice', async () => {
  const api = await startedApi()
  const { ports } = api
  const recent = new RecentChanges(ports.objects, 4)
  const stop = new AbortController()
  const after = ports.objects.position ?? 0n
  const options = { ports, recent, resource, after, everyMs: 10_000, signal: stop.signal }
  const changes = followChanges(options)[Symbol.asyncIterator]()
  const next = async () => {
    const { value } = await changes.next()
    return value && 'stored' in value ? value.stored.object.metadata.name : undefined
  }
  const create = async (from: number, to: number) => {
    for (let i = from; i < to; i++) {
      await api.ask('POST', path, { body: configMap(`cm-${i}`) })
    }
    await api.ask('GET', path)
  }
  await create(0, 2)
  const told = [await next()]
  await create(2, 30)
  while (told.length < 30) told.push(await next())
  const live = next()
  await create(30, 31)
  told.push(await live)
  assert.deepEqual(
    told,
    Array.from({ length: 31 }, (_, i) => `cm-${i}`),
  )
  stop.abort()
  await api.close()
})

test('a position that nothing was missed before is told now and then', async () => {
  const api = await startedApi()
  const { ports } = api
  const recent = new RecentChanges(ports.objects)
  const stop = new AbortController()
  const after = ports.objects.position ?? 0n
  const options = { ports, recent, resource, after, everyMs: 1, signal: stop.signal }
  for await (const item of followChanges(options)) {
    assert.deepEqual(item, { reached: ports.objects.position })
    stop.abort()
  }
  await api.close()
})

test('a busy resource is no reason to tell no position, and what is told was reached', async () => {
  const api = await startedApi()
  const { ports } = api
  const recent = new RecentChanges(ports.objects)
  const stop = new AbortController()
  const after = ports.objects.position ?? 0n
  const options = { ports, recent, resource, after, everyMs: 200, signal: stop.signal }
  let isBusy = true
  const writing = (async () => {
    for (let i = 0; isBusy; i++) {
      await api.ask('POST', path, { body: configMap(`busy-${i}`) })
    }
  })()
  let [last, reached, changes] = [after, 0, 0]
  for await (const item of followChanges(options)) {
    if ('reached' in item) {
      assert.ok(item.reached >= last)
      reached++
    } else {
      assert.ok(item.event.position > last)
      if (++changes === 1_000) stop.abort()
    }
    last = 'reached' in item ? item.reached : item.event.position
    if (reached === 3) stop.abort()
  }
  isBusy = false
  assert.equal(reached, 3)
  await writing
  await api.close()
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
