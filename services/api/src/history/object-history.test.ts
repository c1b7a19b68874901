import assert from 'node:assert/strict'
import { test } from 'node:test'
import { configMap, deployment, inDefault, startedApi } from '../api.fixture.ts'

type Api = Awaited<ReturnType<typeof startedApi>>
type Answer = {
  folded: number
  isGone: boolean
  count: number
  changes: { type: string; user: string; client: string; position: string; fields: unknown[] }[]
  fields: { field: string; value: unknown; author: { user: string; position: string } }[]
  objects: {
    resource: string
    name: string
    what: string
    fields: unknown[]
    authors: { user: string }[]
  }[]
}

const bob = { name: 'bob', groups: ['system:masters', 'system:authenticated'] }
const merge = 'application/merge-patch+json'
const history = '/apis/history.reckon.dev/v1'
const web = `${inDefault('deployments')}/web`
const ask = async (api: Api, path: string) => {
  const { code, text } = await api.ask('GET', history + path)
  assert.equal(code, 200, text)
  const told: Answer = JSON.parse(text)
  return told
}

/**
 * A Deployment that ada makes, bob scales, something tells the status of, ada deletes and makes again; and a Secret.
 */
async function storiedApi() {
  const api = await startedApi()
  await api.ask('POST', inDefault('deployments'), { body: deployment('web') })
  const from = String(api.ports.objects.position)
  await api.ask('PATCH', web, { type: merge, body: { spec: { replicas: 4 } }, user: bob })
  await api.ask('PATCH', `${web}/status`, { type: merge, body: { status: { replicas: 4 } } })
  const image = [{ op: 'replace', path: '/spec/template/spec/containers/0/image', value: 'httpd' }]
  await api.ask('PATCH', web, { type: 'application/json-patch+json', body: image })
  return { api, from }
}

test('a history tells who changed which fields from what to what, across deletions', async (t) => {
  const { api } = await storiedApi()
  t.after(api.close)
  await api.ask('DELETE', web)
  await api.ask('POST', inDefault('deployments'), { body: deployment('web') })
  const told = await ask(api, '/namespaces/default/deploy/web/history')
  assert.deepEqual(
    told.changes.map(({ type, user }) => [type, user]),
    [
      ['DeploymentCreated', 'ada'],
      ['DeploymentScaled', 'bob'],
      ['DeploymentChanged', 'ada'],
      ['DeploymentDeleted', 'ada'],
      ['DeploymentCreated', 'ada'],
    ],
  )
  assert.equal(told.folded, 1)
  assert.deepEqual(told.changes[1]?.fields, [{ field: 'spec.replicas', from: 1, to: 4 }])
  const image = 'spec.template.spec.containers[name=c].image'
  assert.deepEqual(told.changes[2]?.fields, [{ field: image, from: 'nginx', to: 'httpd' }])
  assert.equal(told.changes[1]?.client, 'test/1')
  const all = await ask(api, '/namespaces/default/deployments.apps/web/history?all=true')
  assert.equal(all.changes.length, 6)
})

test('blame tells of each field who gave it its value', async (t) => {
  const { api } = await storiedApi()
  t.after(api.close)
  const { fields } = await ask(api, '/namespaces/default/deployments/web/blame')
  const by = (field: string) => fields.find((each) => each.field === field)
  assert.deepEqual([by('spec.replicas')?.author.user, by('spec.replicas')?.value], ['bob', 4])
  assert.equal(by('metadata.labels.app')?.author.user, 'ada')
  assert.equal(by('spec.template.spec.containers[name=c].image')?.value, 'httpd')
  assert.ok(!fields.some(({ field }) => field.startsWith('status')))
})

test('a difference of two moments tells objects, fields and authors', async (t) => {
  const { api, from } = await storiedApi()
  t.after(api.close)
  await api.ask('POST', inDefault('configmaps'), { body: configMap('new'), user: bob })
  const { objects, count } = await ask(api, `/diff?from=${from}`)
  assert.equal(count, 2)
  assert.deepEqual(
    objects.map(({ resource, name, what, authors }) => [
      resource,
      name,
      what,
      authors.map(({ user }) => user),
    ]),
    [
      ['configmaps', 'new', 'Created', ['bob']],
      ['deployments.apps', 'web', 'Changed', ['bob', 'ada']],
    ],
  )
  assert.equal(objects[1]?.fields.length, 2)
  assert.equal((await ask(api, `/diff?from=${from}&kinds=cm`)).count, 1)
  assert.equal((await ask(api, `/diff?from=${from}&namespace=other`)).count, 0)
})

test('a time before the log is refused with how old the log is and what can be named instead', async (t) => {
  const api = await startedApi()
  t.after(api.close)
  for (const path of ['/diff?from=99h', '/position?at=99h']) {
    const { code, json } = await api.ask('GET', history + path)
    assert.equal(code, 410)
    const form =
      /; the log is \d+s old: it begins at \S+Z; the earliest moment that can be named is its position (\d+)$/
    const [, earliest] = form.exec(json.message ?? '') ?? []
    assert.ok(earliest, json.message ?? '')
    assert.equal((await api.ask('GET', `${history}/diff?from=${earliest}`)).code, 200)
  }
})

test('the values of Secrets are in no history', async (t) => {
  const api = await startedApi()
  t.after(api.close)
  const from = String(api.ports.objects.position)
  const secret = (password: string) => ({
    ...{ apiVersion: 'v1', kind: 'Secret', metadata: { name: 'db' } },
    stringData: { password },
  })
  await api.ask('POST', inDefault('secrets'), { body: secret('one') })
  const made = String(api.ports.objects.position)
  await api.ask('PUT', `${inDefault('secrets')}/db`, { body: secret('two') })
  for (const path of [
    '/namespaces/default/secrets/db/history?all=true',
    '/namespaces/default/secrets/db/blame?all=true',
    `/diff?from=${from}&all=true`,
    `/diff?from=${made}&all=true`,
  ]) {
    const { text } = await api.ask('GET', history + path)
    assert.match(text, /\(secret\)|Created/, path)
    assert.doesNotMatch(text, /b25l|dHdv|"one"|"two"/, path)
  }
})

test('who may not read the past is told none of it', async (t) => {
  const eve = { name: 'eve', groups: ['system:authenticated'] }
  const api = await startedApi({
    authorizer: ({ user, verb }) => (user !== eve || verb !== 'past' ? 'allowed' : 'no opinion'),
  })
  t.after(api.close)
  await api.ask('POST', inDefault('configmaps'), { body: configMap('a') })
  const object = '/namespaces/default/configmaps/a'
  for (const path of [
    `${object}/history`,
    `${object}/blame`,
    '/diff?from=1',
    '/diff?from=1&kinds=cm',
  ]) {
    const { code, json } = await api.ask('GET', history + path, { user: eve })
    assert.equal(code, 403, path)
    assert.match(json.message ?? '', /User "eve" cannot past resource/)
  }
  assert.equal((await api.ask('GET', `${history}/namespaces/default/nothings/a/history`)).code, 404)
  assert.equal((await api.ask('GET', `${history}/namespaces/default/cm/b/history`)).code, 404)
})
