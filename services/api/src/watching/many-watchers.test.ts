import assert from 'node:assert/strict'
import { once } from 'node:events'
import { Agent, get, type IncomingMessage } from 'node:http'
import { test } from 'node:test'
import { configMap, inDefault, startedApi } from '../api.fixture.ts'

const isLong = process.env.RECKON_TEST_LONG === '1'
const watcherCount = isLong ? 2_000 : 100
const changeCount = 20
const path = inDefault('configmaps')

/** A watch on a connection of its own. */
async function watching(base: string, version: string): Promise<IncomingMessage> {
  const agent = new Agent({ maxSockets: 1 })
  const asked = get(`${base}${path}?watch=true&resourceVersion=${version}`, { agent })
  const [response]: IncomingMessage[] = await once(asked, 'response')
  assert.ok(response)
  return response
}

/** The names that the next so many events of a watch tell. */
async function namesIn(response: IncomingMessage, count: number): Promise<readonly string[]> {
  let text = ''
  for await (const part of response.setEncoding('utf8').iterator({ destroyOnReturn: false })) {
    text += part
    const lines = text.split('\n')
    if (lines.length > count) {
      return lines.slice(0, count).map((line) => JSON.parse(line).object.metadata.name)
    }
  }
  throw new Error('the watch ended')
}

test(`${watcherCount} clients, each on a connection of its own, hear every change, also while one takes nothing`, async (t) => {
  const api = await startedApi()
  t.after(() => api.close())
  const base = await api.app.listen({ host: '127.0.0.1', port: 0 })
  const { json } = await api.ask('GET', path)
  const version = json.metadata.resourceVersion ?? ''
  const stopped = await watching(base, version)
  stopped.pause()
  const all = []
  for (let each = 0; each < watcherCount; each += 1) all.push(await watching(base, version))
  const heard = all.map((response) => namesIn(response, changeCount))
  const names = Array.from({ length: changeCount }, (_, each) => `cm-${each}`)
  for (const name of names) await api.ask('POST', path, { body: configMap(name) })
  for (const received of await Promise.all(heard)) assert.deepEqual(received, names)
  assert.deepEqual(api.errors, [])
  for (const response of [stopped, ...all]) response.destroy()
})

test('a client that takes nothing is cut off, whatever fits on the way', {
  skip: !isLong,
}, async (t) => {
  const api = await startedApi()
  t.after(() => api.close())
  const base = await api.app.listen({ host: '127.0.0.1', port: 0 })
  const { json } = await api.ask('GET', path)
  const stopped = await watching(base, json.metadata.resourceVersion ?? '')
  stopped.pause()
  const large = { ...configMap('large'), data: { text: 'x'.repeat(900_000) } }
  for (let each = 0; each < 20; each += 1) {
    await api.ask('POST', path, { body: { ...large, metadata: { name: `large-${each}` } } })
  }
  const cutOff = async () => {
    const { text } = await api.ask('GET', '/metrics')
    return /^apiserver_terminated_watchers_total 1$/m.test(text)
  }
  while (!(await cutOff())) await new Promise((resolve) => setTimeout(resolve, 500))
  const [error] = await once(stopped.resume(), 'error')
  assert.equal((error as NodeJS.ErrnoException).code, 'ECONNRESET')
})
