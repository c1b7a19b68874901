import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { EventLog } from '@reckon/eventing'
import { createMemoryEventLog } from '@reckon/eventing/memory'
import { bindPod } from '@reckon/writing'
import { configMap, inDefault, startedApi } from '../api.fixture.ts'
import { founder } from '../founding/founding.ts'

const path = '/apis/history.reckon.dev/v1'

let api: Awaited<ReturnType<typeof startedApi>>
before(async () => {
  api = await startedApi()
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
  assert.equal((await api.ask('GET', `${path}/events?since=yesterday`)).code, 400)
})

test('since a time, nothing that was recorded before is read but the one before it', async () => {
  const log = createMemoryEventLog()
  const read: bigint[] = []
  const counting: EventLog = {
    ...log,
    async *readAll(options) {
      for await (const event of log.readAll(options)) {
        read.push(event.position)
        yield event
      }
    },
  }
  const other = await startedApi({ over: counting })
  try {
    await other.ask('POST', inDefault('configmaps'), { body: configMap('before') })
    // The clock has gone on.
    const since = await new Promise<string>((resolve) => {
      setTimeout(() => resolve(new Date().toISOString()), 2)
    })
    await other.ask('POST', inDefault('configmaps'), { body: configMap('after') })
    read.length = 0
    const { lines } = await other.ask('GET', `${path}/events?since=${since}`)
    assert.deepEqual(
      lines.map(({ type }) => type),
      ['ConfigMapCreated'],
    )
    assert.equal(read.length, 1)
  } finally {
    await other.close()
  }
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
  const base = await api.app.listen({ host: '127.0.0.1', port: 0 })
  const stop = new AbortController()
  const url = `${base}${path}/events?follow=true&limit=1&stream=configmaps`
  const { body } = await fetch(url, { signal: stop.signal })
  const reader = body?.pipeThrough(new TextDecoderStream()).getReader()
  assert.match((await reader?.read())?.value ?? '', /^{[^\n]*"ConfigMapDeleted"[^\n]*\n$/)
  await api.ask('POST', inDefault('configmaps'), { body: configMap('next') })
  assert.match((await reader?.read())?.value ?? '', /"ConfigMapCreated"/)
  stop.abort()
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
