import assert from 'node:assert/strict'
import { test } from 'node:test'
import { configMap, inDefault, startedApi } from '../api.fixture.ts'

const history = '/apis/history.reckon.dev/v1'

type Answer = { counts: number[][]; positions: (string | null)[]; classes: string[]; from: string }

const total = (counts: readonly number[] = []) => counts.reduce((sum, each) => sum + each, 0)

test('how much happened when is told by class, and where in the log each part ends', async (t) => {
  const api = await startedApi()
  t.after(api.close)
  for (const name of ['a', 'b']) {
    await api.ask('POST', inDefault('configmaps'), { body: configMap(name) })
  }
  const told = async (query: string): Promise<Answer> => {
    const { code, text } = await api.ask('GET', `${history}/density?${query}`)
    assert.equal(code, 200, text)
    return JSON.parse(text)
  }
  const all = await told('buckets=7')
  assert.deepEqual(all.classes, ['people', 'controllers', 'nodes', 'trouble'])
  assert.ok(all.counts.every(({ length }) => length === 7) && all.positions.length === 7)
  assert.equal(all.positions.at(-1), String(api.ports.objects.position))
  assert.equal(total(all.counts[0]), 2)
  assert.ok(total(all.counts[1]) > 2)
  const some = await told('from=1h&kinds=cm&namespace=default')
  assert.deepEqual(some.counts.map(total), [2, 0, 0, 0])
  assert.deepEqual((await told('kinds=pods')).counts.map(total), [0, 0, 0, 0])
  assert.equal((await api.ask('GET', `${history}/density?buckets=401`)).code, 400)
})

test('a position is told with those at which the log begins and ends', async (t) => {
  const api = await startedApi()
  t.after(api.close)
  const { text } = await api.ask('GET', `${history}/position`)
  const { first, last, position } = JSON.parse(text)
  assert.equal(last.position, String(api.ports.objects.position))
  assert.equal(position, last.position)
  assert.ok(BigInt(first.position) < BigInt(last.position) && first.time <= last.time)
})

test('the density of what somebody may not read is refused', async (t) => {
  const api = await startedApi({ authorizer: () => 'denied' })
  t.after(api.close)
  assert.equal((await api.ask('GET', `${history}/density`)).code, 403)
})
