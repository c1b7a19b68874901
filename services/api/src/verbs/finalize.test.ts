import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { startedApi } from '../api.fixture.ts'

let api: Awaited<ReturnType<typeof startedApi>>
before(async () => {
  api = await startedApi()
})
after(() => api.close())

const path = '/api/v1/namespaces'
const finalizersOf = ({ json }: { json: object }) =>
  'spec' in json && JSON.stringify(json.spec).replace('{"finalizers":', '').replace('}', '')

async function created(name: string, metadata: object = {}) {
  const body = { apiVersion: 'v1', kind: 'Namespace', metadata: { name, ...metadata } }
  const answer = await api.ask('POST', path, { body })
  assert.equal(answer.code, 201, answer.text)
  return answer.json
}

async function finalized(name: string, finalizers: readonly string[]) {
  const { json } = await api.ask('GET', `${path}/${name}`)
  const body = { ...json, spec: { finalizers } }
  return api.ask('PUT', `${path}/${name}/finalize`, { body })
}

test('the finalizers of a namespace are written there alone', async () => {
  const team = await created('team')
  const elsewhere = await api.ask('PUT', `${path}/team`, {
    body: { ...team, spec: { finalizers: [] } },
  })
  assert.deepEqual([elsewhere.code, finalizersOf(elsewhere)], [200, '["kubernetes"]'])
  const here = await finalized('team', ['kubernetes', 'a.test/own'])
  assert.deepEqual([here.code, finalizersOf(here)], [200, '["kubernetes","a.test/own"]'])
  const refused = await finalized('team', ['unqualified'])
  assert.deepEqual(
    [refused.code, refused.json.details?.causes?.[0]?.field],
    [422, 'spec.finalizers[0]'],
  )
})

test('a namespace that terminates ends with its last finalizer, of whichever kind', async () => {
  await created('gone')
  await api.ask('DELETE', `${path}/gone`)
  assert.equal((await finalized('gone', [])).code, 200)
  assert.equal((await api.ask('GET', `${path}/gone`)).code, 404)
  await created('held', { finalizers: ['a.test/own'] })
  await api.ask('DELETE', `${path}/held`)
  assert.equal((await finalized('held', [])).code, 200)
  assert.equal((await api.ask('GET', `${path}/held`)).code, 200)
  const type = 'application/merge-patch+json'
  await api.ask('PATCH', `${path}/held`, { type, body: { metadata: { finalizers: null } } })
  assert.equal((await api.ask('GET', `${path}/held`)).code, 404)
})

test('a namespace that lives goes on without', async () => {
  await created('free')
  assert.equal((await finalized('free', [])).code, 200)
  assert.equal((await api.ask('GET', `${path}/free`)).code, 200)
})

test("metadata is written along, but for what is the server's own to say", async () => {
  const before = await created('described', { finalizers: ['a.test/own'] })
  const metadata = {
    ...before.metadata,
    labels: { ...before.metadata.labels, team: 'a' },
    annotations: { 'a.test/why': 'so' },
    finalizers: [],
    creationTimestamp: '2020-01-01T00:00:00Z',
  }
  const body = { ...before, metadata, status: { phase: 'Terminating' } }
  const answer = await api.ask('PUT', `${path}/described/finalize`, { body })
  assert.equal(answer.code, 200, answer.text)
  const { json: after } = await api.ask('GET', `${path}/described`)
  assert.equal(after.metadata.labels?.team, 'a')
  assert.deepEqual(after.metadata.annotations, { 'a.test/why': 'so' })
  assert.deepEqual(after.metadata.finalizers ?? [], [])
  assert.equal(after.metadata.creationTimestamp, before.metadata.creationTimestamp)
  assert.deepEqual(after.status, { phase: 'Active' })
})
