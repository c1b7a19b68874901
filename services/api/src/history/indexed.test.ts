import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { keepIndex, type LogIndexStore, type LogSpan } from '@reckon/eventing'
import { createFileIndex } from '@reckon/eventing/files'
import { createMemoryEventLog } from '@reckon/eventing/memory'
import { configMap, inDefault, startedApi } from '../api.fixture.ts'
import { openPast } from '../past/open-past.ts'
import { describeWith } from './activity.ts'
import { differing } from './differing.ts'

const history = '/apis/history.reckon.dev/v1'

type Event = { type: string; position: string; metadata: { time: string } }

/**
 * An api with an index that has the log up to some changes, and is not written any more; `read` counts what it reads of
 * it all.
 */
async function indexedApi(t: TestContext) {
  const folder = await mkdtemp(join(tmpdir(), 'indexed-'))
  const index = createFileIndex(folder)
  const counted = countingLog()
  const api = await startedApi({ index, over: counted.log })
  t.after(async () => {
    await api.close()
    await index.close()
    await rm(folder, { recursive: true })
  })
  for (let each = 0; each < 70; each++) {
    await api.ask('POST', inDefault('configmaps'), { body: configMap(`early-${each}`) })
  }
  await api.ask('DELETE', `${inDefault('configmaps')}/early-1`)
  await byBob(api, 'PATCH', 'early-2')
  await byBob(api, 'DELETE', 'early-3')
  const stop = new AbortController()
  const filled = watched(index, api.ports.objects.position ?? 0n)
  const keeping = keepIndex(
    { ...api.ports, index: filled.index, describe: describeWith(api.ports.objects.resources) },
    stop.signal,
  )
  await filled.reached
  stop.abort()
  await keeping
  await index.open(api.ports.log)
  await api.ask('POST', inDefault('configmaps'), { body: configMap('late') })
  await byBob(api, 'PATCH', 'early-4')
  await api.ports.reader.waitForHead(1000)
  return Object.assign(api, { read: counted.read })
}

const byBob = (api: Awaited<ReturnType<typeof startedApi>>, method: string, name: string) =>
  api.ask(method, `${inDefault('configmaps')}/${name}`, {
    user: { name: 'bob the builder', groups: ['system:masters', 'system:authenticated'] },
    ...(method === 'PATCH' && {
      type: 'application/merge-patch+json',
      body: { data: { k: name } },
    }),
  })

function countingLog() {
  const log = createMemoryEventLog()
  const read: bigint[] = []
  async function* readAll(span?: LogSpan) {
    for await (const event of log.readAll(span)) {
      read.push(event.position)
      yield event
    }
  }
  return { log: { ...log, readAll }, read }
}

/** Tells when the index has reached a position. */
function watched(index: LogIndexStore, position: bigint) {
  const { promise: reached, resolve } = Promise.withResolvers<void>()
  const watching: LogIndexStore = {
    get upTo() {
      return index.upTo
    },
    pages: (after) => index.pages(after),
    lastBy: (timeMs, apartMs) => index.lastBy(timeMs, apartMs),
    open: (log) => index.open(log),
    async append(entries) {
      await index.append(entries)
      if ((index.upTo ?? 0n) >= position) resolve()
    },
    close: () => index.close(),
  }
  return { index: watching, reached }
}

test('by an index the same is told as without, of what it has and of what came since', async (t) => {
  const api = await indexedApi(t)
  const other = await startedApi({ over: api.ports.log })
  t.after(other.close)
  const first = await api.ask('GET', `${inDefault('configmaps')}/early-0`)
  const position = first.json.metadata.resourceVersion ?? ''
  const all = (await api.ask('GET', `${history}/events`)).lines as unknown as Event[]
  const deletion = all.find(({ type }) => type === 'ConfigMapDeleted')
  // In the midst of them: an object's own creation time is of its second, which may be before the log began.
  const created = all.filter(({ type }) => type === 'ConfigMapCreated')[35]?.metadata.time ?? ''
  const to = new Date().toISOString()
  for (const path of [
    `/density?from=${created}&to=${to}&buckets=5`,
    `/density?from=${created}&to=${to}&buckets=5&kinds=cm&namespace=default`,
    `/density?from=${created}&to=${to}&buckets=5&kinds=pods`,
    `/diff?from=${position}&to=${api.ports.objects.position}&namespace=default`,
    `/diff?from=${created}&to=${to}&kinds=cm`,
    `/trace?position=${position}`,
    `/trace?position=${deletion?.position}`,
    `/position?at=${created}`,
    `/events?since=${created}`,
  ]) {
    const [one, two] = [
      await api.ask('GET', history + path),
      await other.ask('GET', history + path),
    ]
    assert.equal(one.code, 200, one.text)
    assert.equal(one.text.replace(/"last":.*/, ''), two.text.replace(/"last":.*/, ''), path)
  }
  const plan = { body: { position: deletion?.position } }
  const [one, two] = [
    await api.ask('POST', `${history}/undo?dryRun=All`, plan),
    await other.ask('POST', `${history}/undo?dryRun=All`, plan),
  ]
  assert.match(one.text, /early-1/)
  assert.equal(one.text, two.text)
})

test('what a user did is found by an index without reading what others did', async (t) => {
  const api = await indexedApi(t)
  const other = await startedApi({ over: api.ports.log })
  t.after(other.close)
  const first = await api.ask('GET', `${inDefault('configmaps')}/early-0`)
  const since = first.json.metadata.resourceVersion ?? ''
  const plan = async (of: typeof other, body: object) => {
    const { code, text } = await of.ask('POST', `${history}/undo?dryRun=All`, { body })
    assert.equal(code, 200, text)
    return JSON.parse(text)
  }
  await other.ports.reader.waitForHead(1000)
  const byUser = { user: 'bob the builder', since }
  api.read.length = 0
  const told = await plan(api, byUser)
  assert.ok(api.read.length < 20, `it read ${api.read.length} events`)
  assert.deepEqual(
    told.undos.map(({ action, name }: { action: string; name: string }) => `${action} ${name}`),
    ['Update early-2', 'Create early-3', 'Update early-4'],
  )
  assert.deepEqual(told, await plan(other, byUser))
  const ofNamespace = { namespace: 'default', to: since }
  assert.deepEqual(await plan(api, ofNamespace), await plan(other, ofNamespace))
})

test('the objects of two moments differ as what happened between them says', async (t) => {
  const api = await indexedApi(t)
  const all = await Array.fromAsync(api.ports.log.readAll())
  const middle = all[Math.floor(all.length / 2)]?.position ?? 0n
  const context = { ports: api.ports, past: openPast(api.ports) }
  for (const after of [0n, middle]) {
    const asked = {
      span: { after, upTo: api.ports.objects.position ?? 0n },
      namespace: undefined,
      isWanted: ({ resourceId }: { resourceId: string }) => resourceId !== 'events',
      signal: new AbortController().signal,
    }
    const found = async (eventsMax: number) => {
      const told: unknown[][] = []
      for await (const { ref, before, since, authors } of differing(context, asked, eventsMax)) {
        // One that came and went is among what happened alone.
        if (before ?? since) told.push([ref, before, since, await authors()])
      }
      return told.sort(([a], [b]) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1))
    }
    const byEvents = await found(Number.POSITIVE_INFINITY)
    assert.ok(byEvents.length > 30)
    assert.deepEqual(await found(0), byEvents)
  }
})

test('what was recorded before an index was begun comes into it from the log, and what comes since as it comes', async (t) => {
  const api = await indexedApi(t)
  const { index, log } = api.ports
  const found: bigint[] = []
  for await (const page of index?.pages() ?? []) {
    for (let place = 0; place < page.count; place++) found.push(page.positionAt(place))
  }
  const all = (await Array.fromAsync(log.readAll())).filter(({ metadata }) => metadata?.time)
  const upTo = index?.upTo ?? 0n
  assert.deepEqual(
    found,
    all.map(({ position }) => position).filter((each) => each <= upTo),
  )
})
