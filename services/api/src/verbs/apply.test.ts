import assert from 'node:assert/strict'
import test, { after, before } from 'node:test'
import { configMap, deployment, inDefault, startedApi } from '../api.fixture.ts'

let api: Awaited<ReturnType<typeof startedApi>>
before(async () => {
  api = await startedApi()
})
after(() => api.close())

const configMaps = inDefault('configmaps')
const type = 'application/apply-patch+yaml'

const apply = (url: string, body: object, query = 'fieldManager=one') =>
  api.ask('PATCH', `${url}?${query}`, { type, body })

const wanted = (name: string, data: Record<string, string>) => ({ ...configMap(name), data })

test('what is applied comes into being, and is changed by the next apply', async () => {
  const created = await apply(`${configMaps}/made`, wanted('made', { a: '1', b: '1' }))
  assert.equal(created.code, 201)
  assert.deepEqual(created.json.metadata.managedFields?.[0]?.fieldsV1, {
    'f:data': { 'f:a': {}, 'f:b': {} },
  })
  const changed = await apply(`${configMaps}/made`, wanted('made', { b: '2' }))
  assert.equal(changed.code, 200)
  assert.deepEqual(changed.json.data, { b: '2' })
  const same = await apply(`${configMaps}/made`, wanted('made', { b: '2' }))
  assert.equal(same.json.metadata.resourceVersion, changed.json.metadata.resourceVersion)
  const read = await api.ask('GET', `${configMaps}/made`)
  assert.deepEqual(read.json, same.json)
})

test('a manager that applies the same fields again and again, within one second, keeps them', async () => {
  for (const a of ['1', '2', '3', '4']) {
    const { json } = await apply(`${configMaps}/often`, wanted('often', { a }))
    assert.deepEqual(json.data, { a })
    const managers = json.metadata.managedFields?.map(({ operation }) => operation)
    assert.deepEqual(managers, ['Apply'])
  }
})

test('YAML is what the type says', async () => {
  const body = 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: yaml\ndata:\n  a: "1"\n'
  const created = await api.ask('PATCH', `${configMaps}/yaml?fieldManager=y`, { type, body })
  assert.deepEqual(created.json.data, { a: '1' })
})

test('what is applied says what it is, and to begin with who', async () => {
  const url = `${configMaps}/said`
  for (const [said, shown] of [
    [{}, '/, Kind='],
    [{ apiVersion: 'v1' }, '/v1, Kind='],
    [{ apiVersion: 'v1', kind: 'Secret' }, '/v1, Kind=Secret'],
    [{ apiVersion: 'apps/v1', kind: 'ConfigMap' }, 'apps/v1, Kind=ConfigMap'],
  ] as const) {
    const { code, json } = await apply(url, { ...said, metadata: { name: 'said' } })
    assert.deepEqual([code, json.message], [400, `invalid object type: ${shown}`])
  }
  const type = { apiVersion: 'v1', kind: 'ConfigMap' }
  const nameless = await apply(url, type)
  const why = 'the name of the object (said based on URL) was undeterminable: name must be provided'
  assert.deepEqual([nameless.code, nameless.json.message], [400, why])
  assert.equal((await apply(url, { ...type, metadata: { name: 'said' } })).code, 201)
  assert.equal((await apply(url, type)).code, 200)
})

test('two managers conflict over a field until one takes it by force', async () => {
  await apply(`${configMaps}/both`, wanted('both', { a: '1' }))
  const refused = await apply(`${configMaps}/both`, wanted('both', { a: '2' }), 'fieldManager=two')
  assert.equal(refused.code, 409)
  assert.equal(refused.json.message, 'Apply failed with 1 conflict: conflict with "one": .data.a')
  assert.deepEqual(refused.json.details?.causes, [
    { reason: 'FieldManagerConflict', message: 'conflict with "one"', field: '.data.a' },
  ])
  const forced = 'fieldManager=two&force=true'
  const taken = await apply(`${configMaps}/both`, wanted('both', { a: '2' }), forced)
  assert.deepEqual(taken.json.data, { a: '2' })
  assert.deepEqual(
    taken.json.metadata.managedFields?.map(({ manager }) => manager),
    ['two'],
  )
})

test('who made and changed an object before it was applied is told by its history', async () => {
  const fieldManager = 'fieldManager=kubectl-create'
  await api.ask('POST', `${inDefault('deployments')}?${fieldManager}`, { body: deployment('d') })
  const scaled = { spec: { replicas: 5 } }
  const merge = { type: 'application/merge-patch+json', body: scaled }
  await api.ask('PATCH', `${inDefault('deployments')}/d?fieldManager=kubectl-edit`, merge)
  const body = { apiVersion: 'apps/v1', kind: 'Deployment', spec: { replicas: 2, paused: false } }
  const refused = await apply(`${inDefault('deployments')}/d`, body)
  assert.equal(
    refused.json.message,
    'Apply failed with 1 conflict: conflict with "kubectl-edit" using apps/v1: .spec.replicas',
  )
})

test('an object that was applied says who changed it since, also what services did', async () => {
  const url = `${inDefault('deployments')}/tracked`
  await apply(url, deployment('tracked'))
  const patched = {
    type: 'application/merge-patch+json',
    body: { metadata: { labels: { l: '1' } } },
  }
  const labelled = await api.ask('PATCH', `${url}?fieldManager=labels`, patched)
  const entry = labelled.json.metadata.managedFields?.find(({ manager }) => manager === 'labels')
  assert.deepEqual(entry?.fieldsV1, { 'f:metadata': { 'f:labels': { 'f:l': {} } } })
  const body = { ...labelled.json, status: { replicas: 1 } }
  const status = await api.ask('PUT', `${url}/status?fieldManager=controller`, { body })
  const ofStatus = status.json.metadata.managedFields?.find((each) => each.subresource === 'status')
  assert.deepEqual(ofStatus?.fieldsV1, { 'f:status': { '.': {}, 'f:replicas': {} } })
  const again = await apply(url, deployment('tracked'))
  assert.deepEqual(again.json.metadata.labels, { app: 'tracked', l: '1' })
})

test('a client may say who manages fields, and one that leaves it out changes nothing of it', async () => {
  const url = `${configMaps}/said`
  const { json: first } = await apply(url, wanted('said', { a: '1' }))
  const { managedFields: _, ...metadata } = first.metadata
  const put = await api.ask('PUT', url, { body: { ...first, metadata, data: { a: '1' } } })
  assert.deepEqual(put.json.metadata.managedFields, first.metadata.managedFields)
  const body = [{ op: 'replace', path: '/metadata/managedFields', value: [{}] }]
  const emptied = await api.ask('PATCH', url, { type: 'application/json-patch+json', body })
  assert.equal(emptied.json.metadata.managedFields, undefined)
})

test("a number of replicas is applied below scale, and is its manager's", async () => {
  const url = `${inDefault('deployments')}/scaled`
  const scale = (replicas: number) => ({
    apiVersion: 'autoscaling/v1',
    kind: 'Scale',
    metadata: { name: 'scaled' },
    spec: { replicas },
  })
  assert.equal((await apply(`${url}/scale`, scale(2))).code, 404)
  await apply(url, deployment('scaled', 1), 'fieldManager=owner')
  const refused = await apply(`${url}/scale`, scale(2), 'fieldManager=scaler')
  assert.equal(
    refused.json.message,
    'Apply failed with 1 conflict: conflict with "owner": .spec.replicas',
  )
  const forced = await apply(`${url}/scale`, scale(2), 'fieldManager=scaler&force=true')
  assert.deepEqual(
    [forced.code, forced.json.kind, forced.json.spec],
    [200, 'Scale', { replicas: 2 }],
  )
  const { json } = await api.ask('GET', url)
  const entry = json.metadata.managedFields?.find(({ manager }) => manager === 'scaler')
  assert.deepEqual(
    [entry?.operation, entry?.subresource, entry?.fieldsV1],
    ['Apply', 'scale', { 'f:spec': { 'f:replicas': {} } }],
  )
  const again = await apply(url, deployment('scaled', 1), 'fieldManager=owner')
  assert.equal(
    again.json.message,
    'Apply failed with 1 conflict: conflict with "scaler" with subresource "scale": .spec.replicas',
  )
  assert.equal((await apply(`${url}/scale`, scale(3), '')).code, 422)
  const dry = await apply(`${url}/scale`, scale(3), 'fieldManager=scaler&dryRun=All')
  assert.deepEqual(dry.json.spec, { replicas: 3 })
  assert.deepEqual((await api.ask('GET', `${url}/scale`)).json.spec, { replicas: 2 })
})

test('a dry run makes and changes nothing', async () => {
  const query = 'fieldManager=one&dryRun=All'
  const made = await apply(`${configMaps}/dry`, wanted('dry', { a: '1' }), query)
  assert.equal(made.code, 201)
  assert.equal((await api.ask('GET', `${configMaps}/dry`)).code, 404)
})

test('what cannot be applied is refused by name', async () => {
  const url = `${configMaps}/refused`
  const unnamed = await apply(url, wanted('refused', {}), '')
  assert.equal(unnamed.code, 422)
  assert.match(
    unnamed.json.message ?? '',
    /fieldManager: Required value: is required for apply patch/,
  )
  const managed = { ...configMap('refused', { managedFields: [{}] }) }
  assert.equal((await apply(url, managed)).json.message, 'metadata.managedFields must be nil')
  const unknown = await apply(url, { ...wanted('refused', {}), foo: 1 })
  assert.match(unknown.json.message ?? '', /unknown field "foo"/)
  const twice = deployment('twice')
  const [one] = twice.spec.template.spec.containers
  assert.ok(one)
  twice.spec.template.spec.containers.push(one)
  const doubled = await apply(`${inDefault('deployments')}/twice`, twice)
  assert.equal(doubled.code, 400)
  assert.match(doubled.json.message ?? '', /containers: duplicate entries for key \[name="c"\]/)
  const stale = { ...wanted('refused', {}), metadata: { name: 'refused', uid: 'u' } }
  assert.equal((await apply(url, stale)).code, 409)
})

test('a Scale that is applied is one, and that of its path', async () => {
  const url = `${inDefault('deployments')}/checked`
  await apply(url, deployment('checked', 1), 'fieldManager=owner')
  const scale = { apiVersion: 'autoscaling/v1', kind: 'Scale', metadata: { name: 'checked' } }
  const refused = async (body: object) => {
    const { code, json } = await apply(`${url}/scale`, body)
    return [code, json.message]
  }
  const { apiVersion: _, ...unversioned } = scale
  assert.deepEqual(await refused(unversioned), [400, 'invalid object type: /, Kind=Scale'])
  assert.deepEqual(await refused({ ...scale, apiVersion: 'apps/v1' }), [
    400,
    'invalid object type: apps/v1, Kind=Scale',
  ])
  assert.deepEqual(await refused({ ...scale, metadata: { name: 'other' } }), [
    400,
    'the name of the object (other) does not match the name on the URL (checked)',
  ])
  const [code] = await refused({ ...scale, metadata: { name: 'checked', namespace: 'other' } })
  assert.equal(code, 400)
})

test('the only one who wanted a number of replicas, and wants none any more, leaves none, as upstream', async () => {
  const url = `${inDefault('deployments')}/let-go`
  const scale = { apiVersion: 'autoscaling/v1', kind: 'Scale', metadata: { name: 'let-go' } }
  const { spec, ...rest } = deployment('let-go')
  const { replicas: _, ...unscaled } = spec
  await apply(url, { ...rest, spec: unscaled }, 'fieldManager=owner')
  await apply(`${url}/scale`, { ...scale, spec: { replicas: 3 } }, 'fieldManager=a&force=true')
  const untouched = await apply(`${url}/scale`, scale, 'fieldManager=b')
  assert.deepEqual(untouched.json.spec, { replicas: 3 })
  const { json } = await apply(`${url}/scale`, scale, 'fieldManager=a')
  assert.deepEqual(json.spec, { replicas: 0 })
})
