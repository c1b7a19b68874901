import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, test } from 'node:test'
import type { EventLog } from '@reckon/eventing'
import { createMemoryEventLog } from '@reckon/eventing/memory'
import { StatusError } from '@reckon/kubernetes'
import { bindPod } from '@reckon/writing'
import { configMap, inDefault, startedApi } from '../api.fixture.ts'
import { founder } from '../founding/founding.ts'
import { hadBegunBy, lastBy } from './position-at.ts'

const path = '/apis/history.reckon.dev/v1'

let api: Awaited<ReturnType<typeof startedApi>>
let base: string
before(async () => {
  api = await startedApi()
  base = await api.app.listen({ host: '127.0.0.1', port: 0 })
})
after(() => api.close())

test('the log is told in lines, narrowed by stream, type, actor, correlation and since', async () => {
  const created = await api.ask('POST', inDefault('configmaps'), { body: configMap('a') })
  await api.ask('DELETE', `${inDefault('configmaps')}/a`)
  const types = async (query: string) =>
    (await api.ask('GET', `${path}/events?${query}`)).lines.map(({ type }) => type)
  assert.equal((await types(''))[0], 'ClusterFounded')
  assert.deepEqual(await types('limit=1'), ['ConfigMapDeleted'])
  assert.deepEqual(await types('stream=configmaps-default/a'), [
    'ConfigMapCreated',
    'ConfigMapDeleted',
  ])
  assert.deepEqual(await types('type=ConfigMapDeleted'), ['ConfigMapDeleted'])
  assert.deepEqual(await types('actor=ada'), ['ConfigMapCreated', 'ConfigMapDeleted'])
  const byApi = await types('type=ClusterFounded&actor=system:reckon:api')
  assert.deepEqual(byApi, ['ClusterFounded'])
  assert.deepEqual(await types('type=ClusterFounded&actor=api'), byApi)
  const correlation = String(created.headers['audit-id'])
  assert.deepEqual(await types(`correlation=${correlation}`), ['ConfigMapCreated'])
  assert.deepEqual(await types(`since=${created.json.metadata.resourceVersion}`), [
    'ConfigMapDeleted',
  ])
  assert.deepEqual(await types('type=ConfigMapDeleted&since=1h'), ['ConfigMapDeleted'])
  for (const none of ['yesterday', 'in%201', '2026-11-27', '10x', '-5'])
    assert.equal((await api.ask('GET', `${path}/events?since=${none}`)).code, 400, none)
})

test('the log is told page by page, backwards from any position or time', async () => {
  const { json: last } = await api.ask('POST', inDefault('configmaps'), { body: configMap('z') })
  const told = async (query: string): Promise<readonly string[]> => {
    const { text } = await api.ask('GET', `${path}/events?${query}`)
    return text.split('\n').slice(0, -1)
  }
  const all = await told('')
  const pages: string[] = []
  for (let before = ''; ; ) {
    const page = await told(`limit=7${before}`)
    if (page.length === 0) break
    pages.unshift(...page)
    const { position } = JSON.parse(page[0] ?? '')
    before = `&before=${position}`
  }
  assert.deepEqual(pages, all)
  const { resourceVersion, creationTimestamp } = last.metadata
  assert.deepEqual(await told(`before=${resourceVersion}`), all.slice(0, -1))
  assert.deepEqual(await told('before=2001-01-01T00:00:00Z&limit=1'), [])
  const later = new Date(Date.parse(creationTimestamp ?? '') + 60_000).toISOString()
  assert.deepEqual(await told(`before=${later}`), all)
  const stream = 'stream=configmaps-default/z'
  assert.deepEqual(await told(`${stream}&before=${resourceVersion}&limit=5`), [])
  for (const none of ['before=yesterday', `before=1&follow=true`]) {
    assert.equal((await api.ask('GET', `${path}/events?${none}`)).code, 400)
  }
  await api.ask('DELETE', `${inDefault('configmaps')}/z`)
})

test('since a time, what was recorded long before is not read, and writers whose clocks differ lose nothing', async () => {
  const log = createMemoryEventLog()
  const read: string[] = []
  const counting: EventLog = {
    ...log,
    async *readAll(options) {
      for await (const event of log.readAll(options)) {
        read.push(event.type)
        yield event
      }
    },
  }
  const other = await startedApi({ over: counting })
  try {
    const sinceMs = Date.now() + 60 * 60 * 1000
    const note = async (type: string, sinceThenMs: number) => {
      const time = new Date(sinceMs + sinceThenMs).toISOString()
      const metadata = { actor: { user: 'ada' }, verb: 'test', time, $correlationId: type }
      await log.append('tests-a', 'Any', [{ id: randomUUID(), type, data: {}, metadata }])
    }
    await note('LongBefore', -30 * 60 * 1000)
    await note('After', 1)
    await note('ByALateClock', -1_000)
    await note('LongAfter', 1_000)
    read.length = 0
    const since = new Date(sinceMs).toISOString()
    const { lines } = await other.ask('GET', `${path}/events?since=${since}`)
    assert.deepEqual(
      lines.map(({ type }) => type),
      ['After', 'LongAfter'],
    )
    assert.deepEqual(read, ['After', 'ByALateClock', 'LongAfter'])
  } finally {
    await other.close()
  }
})

test('nobody looks for a time any longer whose client is gone', async () => {
  const log = createMemoryEventLog()
  const metadata = { actor: { user: 'ada' }, verb: 'test', time: '2026-01-01', $correlationId: '' }
  await log.append('tests-a', 'Any', [{ id: randomUUID(), type: 'A', data: {}, metadata }])
  const untilMs = Date.parse('2026-02-01')
  assert.equal(await lastBy({ log }, untilMs, AbortSignal.abort()), undefined)
  assert.equal(await lastBy({ log }, untilMs, new AbortController().signal), await log.head())
})

test('whether the log had begun by a time is told by its first event', async () => {
  const log = createMemoryEventLog()
  const metadata = { actor: { user: 'ada' }, verb: 'test', time: '2026-01-01', $correlationId: '' }
  await log.append('tests-a', 'Any', [{ id: randomUUID(), type: 'A', data: {}, metadata }])
  const by = (time: string) => hadBegunBy(log, Date.parse(time))
  assert.equal(await by('2025-12-31'), false)
  assert.equal(await by('2025-12-31T23:59:00Z'), true, 'clocks may be apart by that')
  assert.equal(await by('2026-01-01'), true)
  assert.equal(await hadBegunBy(createMemoryEventLog(), Date.now()), false)
})

test('a kind is named with or without its group', async () => {
  for (const stream of ['endpointslices', 'endpointslices.discovery.k8s.io']) {
    const { lines } = await api.ask('GET', `${path}/events?stream=${stream}`)
    assert.deepEqual(
      lines.map(({ type }) => type),
      ['EndpointSliceCreated'],
    )
  }
})

test('following begins with the last ones and goes on with what happens next', async () => {
  const stop = new AbortController()
  const url = `${base}${path}/events?follow=true&limit=1&stream=configmaps`
  const { body } = await fetch(url, { signal: stop.signal })
  const reader = body?.pipeThrough(new TextDecoderStream()).getReader()
  assert.match((await reader?.read())?.value ?? '', /^{[^\n]*"ConfigMapDeleted"[^\n]*\n$/)
  await api.ask('POST', inDefault('configmaps'), { body: configMap('next') })
  assert.match((await reader?.read())?.value ?? '', /"ConfigMapCreated"/)
  stop.abort()
})

test('the last ones are told in order, however many, and no later ones', async () => {
  const log = createMemoryEventLog()
  const metadata = { actor: { user: 'ada' }, verb: 'test', time: '2026-01-01', $correlationId: '' }
  const note = (type: string) => ({ id: randomUUID(), type, data: {}, metadata })
  const notes = Array.from({ length: 2600 }, (_, each) => note(`Noted${each}`))
  for (const stream of ['tests-/a', 'tests-/b'])
    await log.append(
      stream,
      'Any',
      notes.map(({ type }) => note(type)),
    )
  const other = await startedApi({ over: log })
  try {
    for (const limit of [3, 2500]) {
      for (const stream of ['tests', 'tests-/b']) {
        const { lines } = await other.ask('GET', `${path}/events?stream=${stream}&limit=${limit}`)
        const all = [...(stream === 'tests' ? notes : []), ...notes].map(({ type }) => type)
        assert.deepEqual(
          lines.map(({ type }) => type),
          all.slice(-limit),
        )
      }
    }
  } finally {
    await other.close()
  }
})

test('following ends as a watch does, so that who goes on is asked for the right to it anew', async () => {
  const told = await fetch(`${base}${path}/events?follow=true&timeoutSeconds=1`)
  assert.match(await told.text(), /^({[^\n]*}\n)*$/)
})

test('a log that goes away while it is told breaks the answer off: nobody takes it for the whole', async () => {
  const log = createMemoryEventLog()
  let isAway = false
  const failing: EventLog = {
    ...log,
    async *readAll(options) {
      for await (const event of log.readAll(options)) {
        yield event
        if (isAway) throw new StatusError('ServiceUnavailable', 'the store is away')
      }
    },
  }
  const other = await startedApi({ over: failing })
  try {
    const there = await other.app.listen({ host: '127.0.0.1', port: 0 })
    const told = async () => (await fetch(`${there}${path}/events`)).text()
    assert.match(await told(), /ClusterFounded/)
    isAway = true
    await assert.rejects(told())
  } finally {
    isAway = false
    await other.close()
  }
})

test('why a pod is where it is, also when it is gone', async () => {
  const spec = { containers: [{ name: 'c', image: 'i' }] }
  const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'web' }, spec }
  await api.ask('POST', inDefault('pods'), { body: pod })
  const why = () => api.ask('GET', `${path}/namespaces/default/pods/web/why`)
  assert.equal(((await why()).json as unknown as { state: string }).state, 'Waiting')
  const decision = {
    ...{ term: 1, number: 1, view: { position: '1', eventId: 'x' }, policy: 'default' },
    ...{ assumed: [], nodes: [], message: 'fits' },
  }
  const bound = { namespace: 'default', name: 'web' }
  await bindPod(api.ports, { pod: bound, nodeName: 'n1', origin: founder, decision })
  const { json } = await why()
  assert.equal((json as unknown as { nodeName: string }).nodeName, 'n1')
  assert.equal((await api.ask('GET', `${path}/namespaces/default/pods/none/why`)).code, 404)
})
