import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { isJsonObject } from '@reckon/kubernetes'
import { deployment, inDefault, startedApi } from './api.fixture.ts'
import { completeObjects } from './complete-objects.fixture.ts'
import { cronTab, cronTabs } from './verbs/custom-resources.fixture.ts'

let api: Awaited<ReturnType<typeof startedApi>>
before(async () => {
  api = await startedApi()
})
after(() => api.close())

/** The value without one field, or with one field empty, for each field anywhere in it, with its path. */
function* lacking(value: unknown, path = ''): Generator<[path: string, lacking: unknown]> {
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) {
      for (const [at, less] of lacking(item, `${path}[${index}]`))
        yield [at, value.with(index, less)]
    }
    yield [`${path} is empty`, []]
  } else if (isJsonObject(value)) {
    for (const [field, child] of Object.entries(value)) {
      const { [field]: _, ...rest } = value
      yield [`${path}.${field}`, rest]
      for (const [at, less] of lacking(child, `${path}.${field}`))
        yield [at, { ...value, [field]: less }]
    }
    yield [`${path} is empty`, {}]
  }
}

test('an object that lacks any of its fields is taken or refused with its reason, on no account with 500', async () => {
  for (const [url, object] of completeObjects) {
    const complete = await api.ask('POST', `${url}?dryRun=All`, { body: object })
    assert.equal(complete.code, 201, complete.text)
    for (const [path, body] of lacking(object)) {
      const { code, text } = await api.ask('POST', `${url}?dryRun=All`, { body })
      assert.ok([201, 400, 403, 422].includes(code), `${object.kind}${path}: ${code} ${text}`)
    }
  }
  assert.deepEqual(api.errors, [])
})

test('nor does a definition of a custom kind, or an object of one', async () => {
  const definitions = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions'
  for (const [path, body] of lacking(cronTabs)) {
    const { code, text } = await api.ask('POST', `${definitions}?dryRun=All`, { body })
    assert.ok([201, 400, 422].includes(code), `${path}: ${code} ${text}`)
  }
  assert.equal((await api.ask('POST', definitions, { body: cronTabs })).code, 201)
  const cronTabsOfDefault = '/apis/stable.example.com/v1/namespaces/default/crontabs'
  const steps = [{ name: 'a', run: 'b' }]
  const template = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p' } }
  for (const [path, body] of lacking(cronTab('x', { steps, template, labels: { a: 'b' } }))) {
    const { code, text } = await api.ask('POST', `${cronTabsOfDefault}?dryRun=All`, { body })
    assert.ok([201, 400, 422].includes(code), `${path}: ${code} ${text}`)
  }
  assert.deepEqual(api.errors, [])
})

test('nor does it get there by a change', async () => {
  for (const [url, object] of completeObjects) {
    const created = await api.ask('POST', url, { body: object })
    assert.equal(created.code, 201, created.text)
    for (const [path, body] of lacking(object)) {
      const { code, text } = await api.ask('PUT', `${url}/x?dryRun=All`, { body })
      assert.ok([200, 400, 403, 422].includes(code), `${object.kind}${path}: ${code} ${text}`)
    }
  }
  assert.deepEqual(api.errors, [])
})

test('a selector without a key is refused with the field', async () => {
  const { spec, ...named } = deployment('x')
  const selector = { matchExpressions: [{ operator: 'Exists' }] }
  const body = { ...named, spec: { ...spec, selector } }
  const answer = await api.ask('POST', inDefault('deployments'), { body })
  assert.equal(answer.code, 422)
  assert.match(answer.json.message ?? '', /spec\.selector\.matchExpressions\[0\]\.key/)
})
