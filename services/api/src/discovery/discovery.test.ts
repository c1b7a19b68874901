import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { gunzipSync } from 'node:zlib'
import { configMap, inDefault, startedApi } from '../api.fixture.ts'

let api: Awaited<ReturnType<typeof startedApi>>
before(async () => {
  api = await startedApi()
})
after(() => api.close())

const form = (version: string) =>
  `application/json;g=apidiscovery.k8s.io;v=${version};as=APIGroupDiscoveryList`

test('what is served is told at once, in the very media type that was asked for', async () => {
  const accept = `${form('v2')},${form('v2beta1')},application/json`
  for (const path of ['/api', '/apis']) {
    const { json, headers } = await api.ask('GET', path, { accept })
    assert.equal(headers['content-type'], form('v2'))
    assert.equal(json.apiVersion, 'apidiscovery.k8s.io/v2')
  }
  const older = await api.ask('GET', '/apis', { accept: form('v2beta1') })
  assert.equal(older.headers['content-type'], form('v2beta1'))
})

test('or document by document', async () => {
  const kinds = ['/api', '/apis', '/apis/apps', '/apis/apps/v1', '/api/v1']
  const answers = await Promise.all(kinds.map((path) => api.ask('GET', path)))
  assert.deepEqual(
    answers.map(({ json }) => json.kind),
    ['APIVersions', 'APIGroupList', 'APIGroup', 'APIResourceList', 'APIResourceList'],
  )
  assert.equal(answers[0]?.headers['content-type'], 'application/json')
  assert.equal((await api.ask('GET', '/apis/nothing.example.com')).code, 404)
})

test('a slash at the end changes nothing', async () => {
  for (const path of ['/api', '/apis', '/apis/apps', '/apis/apps/v1']) {
    const [without, withOne] = await Promise.all([api.ask('GET', path), api.ask('GET', `${path}/`)])
    assert.deepEqual([withOne.code, withOne.text], [200, without.text])
  }
})

test('a path that is none is refused with a Status', async () => {
  for (const name of ['%ff', '%', 'a'.repeat(600)]) {
    const { code, json } = await api.ask('GET', `${inDefault('configmaps')}/${name}`)
    assert.deepEqual([code, json.kind, json.reason], [400, 'Status', 'BadRequest'])
  }
})

test('who asks for schemas in their older form gets them all, as JSON and as protobuf', async () => {
  const { json, headers } = await api.ask('GET', '/openapi/v2')
  const { definitions, paths } = json as unknown as Record<string, Record<string, object>>
  const port = definitions?.['io.k8s.api.core.v1.ContainerPort']
  assert.match(
    JSON.stringify(port),
    /"containerPort":{"description":"Number of port.*"type":"integer/,
  )
  const text = JSON.stringify(definitions)
  const referred = text.matchAll(/"\$ref":"#\/definitions\/([^"]+)"/g)
  for (const [, name = ''] of referred) assert.ok(definitions?.[name], name)
  assert.doesNotMatch(text, /"(oneOf|anyOf|allOf)":\[/)
  const [patch] = Object.entries(paths ?? {}).filter(([path]) => path.endsWith('/pods/{name}'))
  assert.match(
    JSON.stringify(patch),
    /"patch":{.*"name":"fieldValidation","in":"query","type":"string"/,
  )
  const again = { 'if-none-match': String(headers.etag) }
  assert.equal((await api.app.inject({ url: '/openapi/v2', headers: again })).statusCode, 304)

  const accept = 'application/com.github.proto-openapi.spec.v2@v1.0+protobuf'
  const { rawPayload } = await api.app.inject({ url: '/openapi/v2', headers: { accept } })
  assert.deepEqual(rawPayload.subarray(0, 5), Buffer.from('\n\x032.0'))
  assert.ok(rawPayload.includes('io.k8s.api.core.v1.ContainerPort'))
})

test('schemas are kept for ever under their hash; another hash leads to the right one', async () => {
  const index = await api.ask('GET', '/openapi/v3')
  const { paths } = index.json as unknown as {
    paths: Record<string, { serverRelativeURL: string }>
  }
  const url = paths['apis/apps/v1']?.serverRelativeURL ?? ''
  const right = await api.ask('GET', url)
  assert.equal(right.code, 200)
  assert.equal(right.headers['cache-control'], 'public, immutable')
  const wrong = await api.ask('GET', '/openapi/v3/apis/apps/v1?hash=wrong')
  assert.equal(wrong.code, 301)
  assert.equal(wrong.headers.location, url)
  const etag = String(right.headers.etag)
  const again = await api.app.inject({ url, headers: { 'if-none-match': etag } })
  assert.equal(again.statusCode, 304)
})

test('schemas say what each field is for, also those of older versions', async () => {
  const { json } = await api.ask('GET', '/openapi/v3/apis/extensions/v1beta1')
  const { components } = json as unknown as {
    components: { schemas: Record<string, { description: string; properties: object }> }
  }
  const { schemas } = components
  const deployment = schemas['io.k8s.api.extensions.v1beta1.Deployment']
  assert.equal(
    deployment?.description,
    'Deployment enables declarative updates for Pods and ReplicaSets.',
  )
  const container = JSON.stringify(schemas['io.k8s.api.core.v1.Container']?.properties)
  assert.match(container, /"image":{"description":"Container image name\. More info/)
  const undescribed = Object.entries(schemas).filter(([, schema]) => !schema.description)
  assert.ok(
    undescribed.length < Object.keys(schemas).length / 4,
    String(undescribed.map(([n]) => n)),
  )
})

test('long answers are compressed for who can read that', async () => {
  for (const name of ['a', 'b']) {
    const body = { ...configMap(name), data: { k: 'x'.repeat(100_000) } }
    assert.equal((await api.ask('POST', inDefault('configmaps'), { body })).code, 201)
  }
  const headers = { 'accept-encoding': 'gzip' }
  const answer = await api.app.inject({ url: inDefault('configmaps'), headers })
  assert.equal(answer.headers['content-encoding'], 'gzip')
  assert.equal(JSON.parse(gunzipSync(answer.rawPayload).toString()).items.length, 2)
})
