import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { configMap, inDefault, startedApi } from '../api.fixture.ts'

let api: Awaited<ReturnType<typeof startedApi>>
before(async () => {
  api = await startedApi()
})
after(() => api.close())

const configMaps = inDefault('configmaps')

test('what is to be created has no version yet', async () => {
  const body = configMap('new', { resourceVersion: '5' })
  const { code, json } = await api.ask('POST', configMaps, { body })
  assert.equal(code, 422)
  assert.equal(json.details?.causes?.[0]?.field, 'metadata.resourceVersion')
  assert.match(json.message ?? '', /resourceVersion should not be set on objects to be created/)
  const zero = configMap('new', { resourceVersion: '0' })
  assert.equal((await api.ask('POST', configMaps, { body: zero })).code, 201)
})

test('a change that names version 0, or none, asks for no version', async () => {
  await api.ask('POST', configMaps, { body: configMap('any') })
  const put = (resourceVersion: string) =>
    api.ask('PUT', `${configMaps}/any`, { body: configMap('any', { resourceVersion }) })
  assert.deepEqual(
    [(await put('0')).code, (await put('')).code, (await put('1')).code],
    [200, 200, 409],
  )
  const patch = (resourceVersion: string | null) =>
    api.ask('PATCH', `${configMaps}/any`, {
      type: 'application/merge-patch+json',
      body: { metadata: { resourceVersion } },
    })
  assert.deepEqual(
    [(await patch('0')).code, (await patch(null)).code, (await patch('1')).code],
    [200, 200, 409],
  )
})
