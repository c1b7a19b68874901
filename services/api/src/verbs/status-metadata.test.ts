import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { deployment, inDefault, startedApi } from '../api.fixture.ts'
import { cronTab, cronTabs } from './custom-resources.fixture.ts'

let api: Awaited<ReturnType<typeof startedApi>>
before(async () => {
  api = await startedApi()
})
after(() => api.close())

/** What a patch of the status makes of labels and annotations that come with it. */
async function patched(url: string, status: object = {}) {
  const metadata = { labels: { l: 'new' }, annotations: { a: 'new' }, finalizers: ['x.y/z'] }
  const type = 'application/merge-patch+json'
  const answer = await api.ask('PATCH', `${url}/status`, { type, body: { metadata, status } })
  assert.equal(answer.code, 200, answer.text)
  const { labels = {}, annotations = {}, finalizers } = answer.json.metadata
  assert.equal(finalizers, undefined)
  return [labels.l, annotations.a]
}

test('labels and annotations come with the status where upstream takes them', async () => {
  const pod = { metadata: { name: 'p' }, spec: { containers: [{ name: 'c', image: 'i' }] } }
  await api.ask('POST', inDefault('pods'), { body: pod })
  assert.deepEqual(await patched(`${inDefault('pods')}/p`), ['new', 'new'])
  await api.ask('POST', inDefault('deployments'), { body: deployment('d') })
  assert.deepEqual(await patched(`${inDefault('deployments')}/d`), [undefined, 'new'])
})

test('of an object of a custom kind its status alone is written', async () => {
  const definitions = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions'
  await api.ask('POST', definitions, { body: cronTabs })
  const url = '/apis/stable.example.com/v1/namespaces/default/crontabs'
  await api.ask('POST', url, { body: cronTab('x') })
  assert.deepEqual(await patched(`${url}/x`), [undefined, undefined])
})

test('what is no label is refused there, too', async () => {
  const body = { metadata: { labels: { l: 'no label' } } }
  const type = 'application/merge-patch+json'
  const answer = await api.ask('PATCH', `${inDefault('pods')}/p/status`, { type, body })
  assert.equal(answer.code, 422)
  assert.equal(answer.json.details?.causes?.[0]?.field, 'metadata.labels')
})
