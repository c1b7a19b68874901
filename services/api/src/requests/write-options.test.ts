import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { configMap, inDefault, startedApi } from '../api.fixture.ts'

let api: Awaited<ReturnType<typeof startedApi>>
before(async () => {
  api = await startedApi()
  await api.ask('POST', inDefault('configmaps'), { body: configMap('here') })
})
after(() => api.close())

const maps = inDefault('configmaps')
const type = 'application/merge-patch+json'
const patch = (query: string) =>
  api.ask('PATCH', `${maps}/here?${query}`, { type, body: { data: { a: 'b' } } })
const create = (query: string) =>
  api.ask('POST', `${maps}?${query}`, { body: configMap('another') })

async function isRefused(answer: ReturnType<typeof api.ask>, message: string): Promise<void> {
  const { code, json } = await answer
  assert.deepEqual([code, json.message], [422, message])
}

test('options of a write that are none are refused with the name of the options, in upstream’s words', async () => {
  const of = (verb: string) => `${verb}Options.meta.k8s.io "" is invalid: `
  const long = `fieldManager=${'m'.repeat(129)}`
  const tooLong = 'fieldManager: Too long: may not be more than 128 bytes'
  await isRefused(create(long), of('Create') + tooLong)
  await isRefused(patch(long), of('Patch') + tooLong)
  const unprintable =
    'fieldManager: Invalid value: "a\\tb": should only contain printable characters'
  await isRefused(patch('fieldManager=a%09b'), of('Patch') + unprintable)
  const validation =
    'fieldValidation: Unsupported value: "Some": supported values: "", "Ignore", "Strict", "Warn"'
  await isRefused(create('fieldValidation=Some'), of('Create') + validation)
  const force = 'force: Forbidden: may not be specified for non-apply patch'
  await isRefused(patch('force=true'), of('Patch') + force)
})

test('a manager may be called in any letters', async () => {
  assert.equal((await patch('fieldManager=Überprüfer%20№%201')).code, 200)
})
