import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { KubernetesObject } from '@reckon/kubernetes'
import { configMap, inDefault, startedApi } from '../api.fixture.ts'

const configMaps = inDefault('configmaps')
const merge = 'application/merge-patch+json'
const table = 'application/json;as=Table;v=v1;g=meta.k8s.io'

let api: Awaited<ReturnType<typeof startedApi>>
let base: string
before(async () => {
  api = await startedApi()
  base = await api.app.listen({ host: '127.0.0.1', port: 0 })
})
after(() => api.close())

type Event = { type: string; object: KubernetesObject }

/** A watch over the network; `next` gives so many events, `end` leaves. */
async function watching(query: string, accept = 'application/json') {
  const stop = new AbortController()
  const url = `${base}${configMaps}?watch=true&${query}`
  const response = await fetch(url, { headers: { accept }, signal: stop.signal })
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
  let text = ''
  const events: Event[] = []
  const next = async (count: number): Promise<Event[]> => {
    while (events.length < count) {
      const { value, done } = (await reader?.read()) ?? { done: true }
      if (done) break
      text += value
      const lines = text.split('\n')
      text = lines.pop() ?? ''
      events.push(...lines.map((line) => JSON.parse(line)))
    }
    return events.splice(0, count)
  }
  return { code: response.status, next, end: () => stop.abort() }
}

const received = (events: Event[]) =>
  events.map(({ type, object }) => `${type} ${object.metadata.name}`)
const versionNow = async () => (await api.ask('GET', configMaps)).json.metadata.resourceVersion

test('headers come before the first event, then each change comes once, with the version it made', async () => {
  const watch = await watching(`resourceVersion=${await versionNow()}`)
  assert.equal(watch.code, 200)
  const created = await api.ask('POST', configMaps, { body: configMap('one') })
  await api.ask('PATCH', `${configMaps}/one`, { type: merge, body: { data: { k: '2' } } })
  await api.ask('DELETE', `${configMaps}/one`)
  const events = await watch.next(3)
  assert.deepEqual(received(events), ['ADDED one', 'MODIFIED one', 'DELETED one'])
  assert.deepEqual(events[0]?.object, created.json)
  const versions = events.map(({ object }) => BigInt(object.metadata.resourceVersion ?? ''))
  assert.ok(
    versions.every((version, index) => index === 0 || version > (versions[index - 1] ?? 0n)),
  )
  watch.end()
})

test('without a version it begins with what is there', async () => {
  await api.ask('POST', configMaps, { body: configMap('there') })
  const watch = await watching('')
  assert.deepEqual(received(await watch.next(1)), ['ADDED there'])
  watch.end()
})

test('objects come and go as they move in and out of a selector', async () => {
  const query = `resourceVersion=${await versionNow()}&labelSelector=in%3Dyes`
  const watch = await watching(query)
  const label = (value: string | null) =>
    api.ask('PATCH', `${configMaps}/moving`, {
      type: merge,
      body: { metadata: { labels: { in: value } } },
    })
  await api.ask('POST', configMaps, { body: configMap('moving') })
  await label('yes')
  await label('no')
  await label('yes')
  await api.ask('DELETE', `${configMaps}/moving`)
  const events = await watch.next(4)
  assert.deepEqual(received(events), [
    'ADDED moving',
    'DELETED moving',
    'ADDED moving',
    'DELETED moving',
  ])
  watch.end()
})

test('a list for watching ends with a bookmark that says so', async () => {
  const sendInitial = 'sendInitialEvents=true&allowWatchBookmarks=true'
  const watch = await watching(`${sendInitial}&resourceVersionMatch=NotOlderThan`)
  const [added, bookmark] = await watch.next(2)
  assert.equal(added?.type, 'ADDED')
  assert.equal(bookmark?.type, 'BOOKMARK')
  assert.equal(bookmark?.object.metadata.annotations?.['k8s.io/initial-events-end'], 'true')
  assert.ok(BigInt(bookmark?.object.metadata.resourceVersion ?? '') > 0n)
  watch.end()
  assert.equal((await watching(sendInitial)).code, 422)
})

test('who takes no bookmarks gets none at the end of what is there either', async () => {
  const watch = await watching('sendInitialEvents=true&resourceVersionMatch=NotOlderThan')
  assert.deepEqual(received(await watch.next(1)), ['ADDED there'])
  await api.ask('PATCH', `${configMaps}/there`, { type: merge, body: { data: { k: '8' } } })
  assert.deepEqual(received(await watch.next(1)), ['MODIFIED there'])
  watch.end()
})

test('a table tells its columns once', async () => {
  const watch = await watching('', table)
  await api.ask('PATCH', `${configMaps}/there`, { type: merge, body: { data: { k: '9' } } })
  const events = (await watch.next(2)) as unknown as {
    object: { kind: string; columnDefinitions: unknown[]; rows: unknown[] }
  }[]
  assert.deepEqual(
    events.map(({ object }) => [
      object.kind,
      object.columnDefinitions.length > 0,
      object.rows.length,
    ]),
    [
      ['Table', true, 1],
      ['Table', false, 1],
    ],
  )
  watch.end()
})

test('an old version is replayed from the log, and joined to what happens now', async () => {
  const long = await startedApi()
  const { json } = await long.ask('POST', configMaps, { body: configMap('old') })
  const since = json.metadata.resourceVersion
  const type = merge
  for (let k = 0; k < 5; k++) {
    await long.ask('PATCH', `${configMaps}/old`, { type, body: { data: { k: String(k) } } })
  }
  // A second api over the same log begins its view here: what was before, it knows from the log only.
  const late = await startedApi({ over: long.ports.log })
  const url = `${configMaps}?watch=true&timeoutSeconds=1&resourceVersion=${since}`
  const watch = late.ask('GET', url)
  await late.ask('PATCH', `${configMaps}/old`, { type, body: { data: { k: 'now' } } })
  const { lines } = await watch
  const values = lines.map(({ object }) => (object.data as { k: string }).k)
  assert.deepEqual(values, ['0', '1', '2', '3', '4', 'now'])
  await late.close()
  await long.close()
})

test('a version of another log is an error within the watch', async () => {
  const future = BigInt((await versionNow()) ?? '') + 1_000_000n
  const watch = await watching(`resourceVersion=${future}`)
  const [event] = await watch.next(1)
  assert.equal(event?.type, 'ERROR')
  assert.equal((event?.object as { code?: unknown } | undefined)?.code, 410)
})

test('a watch ends after its time, and when the api closes', async () => {
  const { lines, code } = await api.ask('GET', `${configMaps}?watch=true&timeoutSeconds=1`)
  assert.equal(code, 200)
  assert.equal(lines.length, 1)
  const other = await startedApi()
  const asked = other.ask('GET', `${configMaps}?watch=true`)
  await other.ask('GET', '/livez')
  await other.close()
  assert.equal((await asked).code, 200)
})

test('a watch lasts as long as it was asked for, also longer than a timer can hold', async () => {
  const watch = await watching(`timeoutSeconds=2147484&resourceVersion=${await versionNow()}`)
  const hour = await watching(`timeoutSeconds=3600&resourceVersion=${await versionNow()}`)
  await new Promise((resolve) => setTimeout(resolve, 50))
  await api.ask('POST', configMaps, { body: configMap('late') })
  assert.deepEqual(received(await hour.next(1)), ['ADDED late'])
  assert.deepEqual(received(await watch.next(1)), ['ADDED late'])
  watch.end()
  hour.end()
})
