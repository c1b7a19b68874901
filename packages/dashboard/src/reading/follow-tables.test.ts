import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import type { Kind } from '../model/kind.ts'
import { followTables, type ReadTables, readTables } from './follow-tables.ts'
import { Reading, type Refusal } from './read.ts'

const kindOf = (plural: string): Kind => ({
  ...{ id: plural, plural, singular: '', shortNames: [], kind: plural, group: '' },
  ...{ root: 'api/v1', isNamespaced: true },
})
const kinds = ['pods', 'secrets'].map(kindOf)

const rowOf = (name: string, version: number) => ({
  cells: [name],
  object: { metadata: { uid: name, name, resourceVersion: String(version) } },
})
const tableOf = (version: number, ...names: string[]) => ({
  metadata: { resourceVersion: String(version) },
  columnDefinitions: [{ name: 'Name', priority: 0, description: '' }],
  rows: names.map((name) => rowOf(name, version)),
})

/** An API that answers by the last part of a path. */
function readingOf(
  t: TestContext,
  answers: Record<string, (url: URL) => Response | Promise<Response>>,
  sight = new Sight(),
): Reading {
  const answer = async (asked: string | URL | Request) => {
    const url = new URL(String(asked))
    const found = answers[url.pathname.split('/').at(-1) ?? '']
    return found?.(url) ?? new Response('', { status: 404 })
  }
  t.mock.method(globalThis, 'fetch', answer)
  const session = { headers: {}, protocols: [], begin: async () => {}, end: async () => {} }
  return new Reading(session, new URL('http://api/'), sight)
}

/** A document that is seen until somebody looks at another one. */
class Sight extends EventTarget {
  visibilityState: DocumentVisibilityState = 'visible'

  turn(state: DocumentVisibilityState): void {
    this.visibilityState = state
    this.dispatchEvent(new Event('visibilitychange'))
  }
}

const refused = () => Response.json({ message: 'secrets is forbidden' }, { status: 403 })
const pauseMs = 2_000
const wanted = () => ({ base: '', namespace: '', signal: new AbortController().signal })

test('what may be read is shown beside why there is not more', async (t) => {
  const reading = readingOf(t, { pods: () => Response.json(tableOf(7, 'web')), secrets: refused })
  const { tables, refusal } = await readTables(reading, kinds, wanted())
  assert.deepEqual([...tables.keys()], ['pods'])
  assert.equal(refusal?.message, 'secrets is forbidden')
})

test('of a long table the first rows are told before the others, of a short one nothing', async (t) => {
  const others = Promise.withResolvers<Response>()
  const first = tableOf(7, 'a', 'b')
  const asked: string[] = []
  const reading = readingOf(t, {
    pods: (url) => {
      asked.push(url.search)
      if (url.search !== '?limit=500') return others.promise
      return Response.json({
        ...first,
        metadata: { ...first.metadata, continue: 'from=b&on', remainingItemCount: 1 },
      })
    },
    secrets: () => Response.json(tableOf(7, 'key')),
  })
  const told: ReadTables[] = []
  const query = { ...wanted(), tellFirst: (read: ReadTables) => told.push(read) }
  const reads = readTables(reading, kinds, query)
  while (told.length === 0) await setImmediate()
  const shown = (read: ReadTables | undefined) => {
    const { rows = [], rest } = read?.tables.get('pods') ?? {}
    return [rows.map(({ name }) => name).join(), rest]
  }
  assert.deepEqual(shown(told[0]), ['a,b', 1])
  others.resolve(Response.json(tableOf(7, 'c')))
  assert.deepEqual(shown(await reads), ['a,b,c', undefined])
  assert.equal(told.length, 1)
  assert.deepEqual(asked, ['?limit=500', '?continue=from%3Db%26on'])
})

test('where nothing may be read, that is said', async (t) => {
  const reading = readingOf(t, { pods: refused, secrets: refused })
  await assert.rejects(readTables(reading, kinds, wanted()), { code: 403 })
})

test('who is not known any more is told so once', async (t) => {
  const reading = readingOf(t, { pods: () => new Response('{}', { status: 401 }) })
  let told = 0
  reading.onceUnknown(() => {
    told += 1
  })
  for (const _ of [1, 2]) await assert.rejects(reading.json('api/v1/pods'), { code: 401 })
  assert.equal(told, 1)
})

test('what a broken stream told last does not come back over a newer list', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  const ended = new AbortController()
  const lists = [tableOf(5, 'old'), tableOf(9, 'new')]
  const line = JSON.stringify({ type: 'ADDED', object: { ...rowOf('late', 6), resource: 'pods' } })
  const reading = readingOf(t, {
    pods: () => Response.json(lists.shift() ?? tableOf(9, 'new')),
    watch: () => new Response(`${line}\n`),
  })
  const told: string[][] = []
  const tell = ({ tables }: ReadTables) => {
    told.push(tables.get('pods')?.rows.map(({ name }) => name) ?? [])
    if (told.length === 3) ended.abort()
  }
  const refuse = (refusal: Refusal) => assert.fail(refusal)
  const wants = { kinds: [kindOf('pods')], namespace: '', signal: ended.signal, tell, refuse }
  const following = followTables(reading, wants)
  while (!ended.signal.aborted) {
    await setImmediate()
    if (told.length > 1) t.mock.timers.tick(pauseMs)
  }
  t.mock.timers.tick(pauseMs)
  await Promise.race([following, setImmediate()])
  assert.deepEqual(told, [['old'], ['late', 'old'], ['new']])
})

test('what nobody sees is not followed, and is read anew when somebody does', async (t) => {
  const ended = new AbortController()
  const sight = new Sight()
  let lists = 0
  const reading = readingOf(t, { pods: () => Response.json(tableOf(++lists, 'web')) }, sight)
  const followed: AbortSignal[] = []
  const following = reading.whileSeen(ended.signal, async (signal) => {
    followed.push(signal)
    await reading.json('api/v1/pods', { signal })
    await new Promise((resolve) => signal.addEventListener('abort', resolve))
  })
  while (lists < 1) await setImmediate()
  sight.turn('hidden')
  await setImmediate()
  assert.deepEqual([followed.length, followed[0]?.aborted], [1, true])
  sight.turn('visible')
  while (lists < 2) await setImmediate()
  assert.deepEqual([followed.length, followed[1]?.aborted], [2, false])
  ended.abort()
  await following
})

test('what an answer leads to is waited for as well', async (t) => {
  const reading = readingOf(t, { api: () => Response.json({}), apis: () => Response.json({}) })
  let answers = 0
  const both = reading.json('api').then(() => {
    answers += 1
    return reading.json('apis').then(() => {
      answers += 1
    })
  })
  await reading.answered()
  assert.equal(answers, 2)
  await both
})

test('what was asked ahead is not asked again', async (t) => {
  let asked = 0
  const reading = readingOf(t, { api: () => Response.json({ asked: ++asked }) })
  reading.ahead('api', {})
  assert.deepEqual(await reading.json('api'), { asked: 1 })
  assert.deepEqual(await reading.json('api'), { asked: 2 })
  await reading.answered()
})
