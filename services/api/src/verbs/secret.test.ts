import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type Secret, secrets } from '@reckon/kubernetes'
import { inDefault, startedApi } from '../api.fixture.ts'
import { replayChanges } from '../watching/replay-changes.ts'

const base64 = (text: string) => Buffer.from(text).toString('base64')
const path = `${inDefault('secrets')}/db`

let api: Awaited<ReturnType<typeof startedApi>>
before(async () => {
  api = await startedApi()
})
after(() => api.close())

const passwordOf = (object: unknown) => (object as Secret | undefined)?.data?.password

test('a Secret is written, patched, read and selected by its type as any object', async () => {
  const metadata = { name: 'db' }
  const body = { kind: 'Secret', apiVersion: 'v1', metadata, stringData: { password: 'one' } }
  const created = await api.ask('POST', inDefault('secrets'), { body })
  assert.equal(created.code, 201)
  assert.equal(passwordOf(created.json), base64('one'))
  const type = 'application/merge-patch+json'
  await api.ask('PATCH', path, { type, body: { stringData: { password: 'two' } } })
  const { json } = await api.ask('GET', path)
  assert.equal(passwordOf(json), base64('two'))
  assert.equal(json.stringData, undefined)
  const selected = await api.ask('GET', `${inDefault('secrets')}?fieldSelector=type%3DOpaque`)
  assert.equal(selected.json.items.length, 1)
})

test('the history tells that a Secret changed, and nothing of it', async () => {
  const { text, lines } = await api.ask('GET', '/apis/history.reckon.dev/v1/events')
  const about = lines.filter(({ type }) => /Secret|DataKey/.test(type)) as unknown as {
    type: string
    data: Record<string, unknown>
  }[]
  assert.deepEqual(
    about.map(({ type, data }) => [type, Object.keys(data)]),
    [
      ['DataKeyCreated', ['stream', 'masterKeyId']],
      ['SecretCreated', ['sealed']],
      ['SecretChanged', ['sealed']],
    ],
  )
  assert.ok(!/"tag"|"iv"|password/.test(text))
})

test('its past is replayed while its key is there, and as an empty shell once it is not', async () => {
  const replayed = async () => {
    const span = { after: 0n, upTo: api.ports.objects.position ?? 0n }
    const changes = replayChanges(api.ports, [secrets], span)
    return (await Array.fromAsync(changes)).map(({ type, stored }) => [
      type,
      passwordOf(stored.object),
    ])
  }
  assert.deepEqual(await replayed(), [
    ['ADDED', base64('one')],
    ['MODIFIED', base64('two')],
  ])
  assert.equal((await api.ask('DELETE', path)).code, 200)
  await api.ports.reader.waitForHead(1000)
  assert.deepEqual(await replayed(), [
    ['ADDED', undefined],
    ['MODIFIED', undefined],
    ['DELETED', undefined],
  ])
})
