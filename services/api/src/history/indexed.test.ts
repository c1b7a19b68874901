import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { keepIndex, type LogIndexStore } from '@reckon/eventing'
import { createFileIndex } from '@reckon/eventing/files'
import { configMap, inDefault, startedApi } from '../api.fixture.ts'
import { describeWith } from './activity.ts'

const history = '/apis/history.reckon.dev/v1'

type Event = { type: string; position: string; metadata: { time: string } }

/** An api with an index that has the log up to some changes, and is not written any more. */
async function indexedApi(t: TestContext) {
  const folder = await mkdtemp(join(tmpdir(), 'indexed-'))
  const index = createFileIndex(folder)
  const api = await startedApi({ index })
  t.after(async () => {
    await api.close()
    await index.close()
    await rm(folder, { recursive: true })
  })
  for (let each = 0; each < 70; each++) {
    await api.ask('POST', inDefault('configmaps'), { body: configMap(`early-${each}`) })
  }
  await api.ask('DELETE', `${inDefault('configmaps')}/early-1`)
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
  await api.ports.reader.waitForHead(1000)
  return api
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
