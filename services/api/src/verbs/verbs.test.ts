import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { parse } from 'yaml'
import { anonymous } from '../access/authenticator.ts'
import { configMap, deployment, inDefault, startedApi } from '../api.fixture.ts'

let api: Awaited<ReturnType<typeof startedApi>>
before(async () => {
  api = await startedApi()
})
after(async () => {
  await api.close()
  assert.deepEqual(api.errors, [])
})

const configMaps = inDefault('configmaps')
const deployments = inDefault('deployments')

test('a created object can be read at once, and every answer names its correlation', async () => {
  const created = await api.ask('POST', configMaps, { body: configMap('a') })
  assert.equal(created.code, 201, created.text)
  const read = await api.ask('GET', `${configMaps}/a`)
  assert.deepEqual(read.json, created.json)
  const events = await Array.fromAsync(api.ports.log.readStream('configmaps-default/a'))
  assert.equal(events[0]?.metadata?.$correlationId, created.headers['audit-id'])
  assert.deepEqual(events[0]?.metadata?.actor, {
    user: 'ada',
    groups: ['system:masters', 'system:authenticated'],
    client: 'test/1',
  })
  assert.equal(events[0]?.metadata?.fieldManager, 'test')
})

test('Namespaces are deleted one by one, never all at once', async () => {
  const { code, json } = await api.ask('DELETE', '/api/v1/namespaces')
  assert.deepEqual([code, json.reason], [405, 'MethodNotAllowed'])
})

test('what is there already, what is not there, and what is wrong are refused in Kubernetes words', async () => {
  await api.ask('POST', configMaps, { body: configMap('b') })
  const again = await api.ask('POST', configMaps, { body: configMap('b') })
  assert.equal(again.code, 409)
  assert.equal(again.json.message, 'configmaps "b" already exists')
  const held = configMap('leaving', { finalizers: ['team.example/hold'] })
  await api.ask('POST', configMaps, { body: held })
  await api.ask('DELETE', `${configMaps}/leaving`)
  const early = await api.ask('POST', configMaps, { body: configMap('leaving') })
  assert.equal(early.code, 409)
  assert.equal(early.json.message, 'object is being deleted: configmaps "leaving" already exists')
  const missing = await api.ask('GET', `${deployments}/none`)
  assert.equal(missing.code, 404)
  assert.equal(missing.json.message, 'deployments.apps "none" not found')
  assert.deepEqual(missing.json.details, { name: 'none', group: 'apps', kind: 'deployments' })
  const invalid = await api.ask('POST', configMaps, { body: configMap('Not A Name') })
  assert.equal(invalid.code, 422)
  assert.equal(invalid.json.reason, 'Invalid')
})

test('an unknown field warns, or refuses where the client is strict', async () => {
  const body = { ...deployment('strict'), spec: { ...deployment('strict').spec, foo: 1 } }
  const strict = await api.ask('POST', `${deployments}?fieldValidation=Strict`, { body })
  assert.equal(strict.code, 400)
  assert.match(strict.json.message ?? '', /strict decoding error: unknown field "spec.foo"/)
  const warned = await api.ask('POST', deployments, { body })
  assert.equal(warned.code, 201, warned.text)
  assert.match(String(warned.headers.warning), /299 - "unknown field \\"spec.foo\\""/)
})

test('a dry run goes through everything and records nothing', async () => {
  const before = await api.ports.log.head()
  const dry = await api.ask('POST', `${configMaps}?dryRun=All`, { body: configMap('dry') })
  assert.equal(dry.code, 201, dry.text)
  assert.ok(dry.json.metadata.uid)
  assert.equal(await api.ports.log.head(), before)
  assert.equal(
    (await api.ask('POST', `${configMaps}?dryRun=Foo`, { body: configMap('d') })).code,
    422,
  )
})

test('a replacement needs the version that it replaces, if it names one', async () => {
  const { json } = await api.ask('POST', configMaps, { body: configMap('put') })
  const body = { ...json, data: { k: '2' } }
  const replaced = await api.ask('PUT', `${configMaps}/put`, { body })
  assert.equal(replaced.code, 200, replaced.text)
  const stale = await api.ask('PUT', `${configMaps}/put`, { body: { ...body, data: { k: '3' } } })
  assert.equal(stale.code, 409)
  assert.match(stale.json.message ?? '', /the object has been modified/)
  const other = await api.ask('PUT', `${configMaps}/other`, { body })
  assert.equal(other.code, 400)
})

test('the three kinds of patch that change what is there, and no unknown one', async () => {
  await api.ask('POST', deployments, { body: deployment('patched') })
  const path = `${deployments}/patched`
  const merge = await api.ask('PATCH', path, {
    type: 'application/merge-patch+json',
    body: { metadata: { labels: { x: 'y' } } },
  })
  assert.equal(merge.code, 200, merge.text)
  assert.equal(merge.json.metadata.labels?.x, 'y')
  const strategic = await api.ask('PATCH', path, {
    type: 'application/strategic-merge-patch+json',
    body: { spec: { template: { spec: { containers: [{ name: 'c', image: 'redis' }] } } } },
  })
  assert.match(strategic.text, /"image":"redis"/)
  const json = await api.ask('PATCH', path, {
    type: 'application/json-patch+json',
    body: [{ op: 'replace', path: '/spec/replicas', value: 4 }],
  })
  assert.match(json.text, /"replicas":4/)
  const other = await api.ask('PATCH', path, { type: 'application/apply-patch+cbor', body: {} })
  assert.equal(other.code, 415)
  assert.match(other.json.message ?? '', /unknown format \(application\/apply-patch\+cbor\)/)
  const version = await api.ask('PATCH', path, {
    type: 'application/merge-patch+json',
    body: { metadata: { resourceVersion: '1', labels: { x: 'z' } } },
  })
  assert.equal(version.code, 409)
})

test('a PATCH that changes nothing records nothing', async () => {
  await api.ask('POST', deployments, { body: deployment('same') })
  const before = await api.ports.log.head()
  const type = 'application/merge-patch+json'
  await api.ask('PATCH', `${deployments}/same`, { type, body: { spec: { replicas: 1 } } })
  assert.equal(await api.ports.log.head(), before)
})

test('a scale is read, patched, and put without a content type', async () => {
  await api.ask('POST', deployments, { body: deployment('scaled') })
  const path = `${deployments}/scaled/scale`
  const read = await api.ask('GET', path)
  assert.equal(read.json.kind, 'Scale')
  assert.deepEqual(read.json.status, { replicas: 0, selector: 'app=scaled' })
  const type = 'application/merge-patch+json'
  const patched = await api.ask('PATCH', path, { type, body: { spec: { replicas: 3 } } })
  assert.deepEqual(patched.json.spec, { replicas: 3 })
  const put = await api.ask('PUT', path, {
    type: '',
    body: { ...patched.json, spec: { replicas: 2 } },
  })
  assert.equal(put.code, 200, put.text)
  assert.deepEqual(put.json.spec, { replicas: 2 })
  const events = await Array.fromAsync(api.ports.log.readStream('deployments.apps-default/scaled'))
  assert.deepEqual(
    events.map(({ type }) => type),
    ['DeploymentCreated', 'DeploymentScaled', 'DeploymentScaled'],
  )
})

test('status is written apart from the rest', async () => {
  const { json } = await api.ask('POST', deployments, { body: deployment('reported') })
  const body = { ...json, spec: { ...(json.spec as object), replicas: 9 }, status: { replicas: 1 } }
  const put = await api.ask('PUT', `${deployments}/reported/status`, { body })
  assert.equal(put.code, 200, put.text)
  assert.equal((put.json.spec as { replicas: number }).replicas, 1)
  assert.deepEqual(put.json.status, { replicas: 1 })
})

test('a status that is taken away is gone, and the rest stays', async () => {
  await api.ask('POST', deployments, { body: deployment('silent') })
  const url = `${deployments}/silent`
  const type = 'application/merge-patch+json'
  const told = async (status: object | null) => {
    const answer = await api.ask('PATCH', `${url}/status`, { type, body: { status } })
    assert.equal(answer.code, 200, answer.text)
    const { json } = await api.ask('GET', url)
    return [json.status, (json.spec as { replicas: number }).replicas]
  }
  assert.deepEqual(await told({ replicas: 1 }), [{ replicas: 1 }, 1])
  assert.deepEqual(await told(null), [undefined, 1])
  assert.deepEqual(await told({ replicas: 2 }), [{ replicas: 2 }, 1])
  const put = await api.ask('PUT', `${url}/status`, { body: deployment('silent') })
  assert.equal(put.json.status, undefined, put.text)
})

test('a status that is taken away leaves what every object of its kind has', async () => {
  const template = { spec: { containers: [{ name: 'c', image: 'i' }] } }
  const storage = { accessModes: ['ReadWriteOnce'], capacity: { storage: '1Gi' } }
  const claimed = { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } }
  const kept: readonly (readonly [url: string, object: object, status: object])[] = [
    ['/api/v1/namespaces', {}, { phase: 'Active' }],
    [inDefault('pods'), template, { qosClass: 'BestEffort' }],
    [inDefault('persistentvolumeclaims'), { spec: claimed }, { phase: 'Pending' }],
    [
      '/api/v1/persistentvolumes',
      { spec: { ...storage, nfs: { server: 's', path: '/' } } },
      { phase: 'Pending' },
    ],
  ]
  const type = 'application/merge-patch+json'
  for (const [url, object, status] of kept) {
    const created = await api.ask('POST', url, { body: { metadata: { name: 'told' }, ...object } })
    assert.equal(created.code, 201, created.text)
    for (const said of [null, {}]) {
      const asked = { type, body: { status: said } }
      const answer = await api.ask('PATCH', `${url}/told/status`, asked)
      assert.deepEqual([answer.code, answer.json.status], [200, status])
    }
  }
  const ended = { type, body: { status: { phase: 'Terminating' } } }
  const refused = await api.ask('PATCH', '/api/v1/namespaces/told/status', ended)
  assert.equal(refused.code, 422)
  assert.match(refused.text, /may only be 'Active' if `deletionTimestamp` is empty/)
  await api.ask('DELETE', '/api/v1/namespaces/told')
  const taken = { type, body: { status: null } }
  const ending = await api.ask('PATCH', '/api/v1/namespaces/told/status', taken)
  assert.deepEqual(ending.json.status, { phase: 'Terminating' })
})

test('a deleted object is gone; what holds it back keeps it', async () => {
  await api.ask('POST', configMaps, { body: configMap('gone') })
  const gone = await api.ask('DELETE', `${configMaps}/gone`, {
    body: { propagationPolicy: 'Background' },
  })
  assert.equal(gone.code, 200, gone.text)
  assert.equal(gone.json.status as unknown, 'Success')
  assert.ok(gone.json.details?.uid)
  assert.equal((await api.ask('GET', `${configMaps}/gone`)).code, 404)

  await api.ask('POST', configMaps, { body: configMap('held', { finalizers: ['test/x'] }) })
  const held = await api.ask('DELETE', `${configMaps}/held`)
  assert.equal(held.json.kind, 'ConfigMap')
  assert.ok(held.json.metadata.deletionTimestamp)
  const wrong = { preconditions: { uid: 'other' } }
  assert.equal((await api.ask('DELETE', `${configMaps}/held`, { body: wrong })).code, 409)
  const type = 'application/merge-patch+json'
  await api.ask('PATCH', `${configMaps}/held`, { type, body: { metadata: { finalizers: null } } })
  assert.equal((await api.ask('GET', `${configMaps}/held`)).code, 404)
})

test('a collection is deleted by selector', async () => {
  for (const name of ['x1', 'x2', 'y1']) {
    const labels = { group: name.slice(0, 1) }
    await api.ask('POST', configMaps, { body: configMap(name, { labels }) })
  }
  const deleted = await api.ask('DELETE', `${configMaps}?labelSelector=group%3Dx`)
  assert.deepEqual(
    deleted.json.items.map(({ metadata }) => metadata.name),
    ['x1', 'x2'],
  )
  assert.equal((await api.ask('GET', `${configMaps}/x1`)).code, 404)
  assert.equal((await api.ask('GET', `${configMaps}/y1`)).code, 200)
})

test('a pod is bound once', async () => {
  const pods = inDefault('pods')
  const spec = { containers: [{ name: 'c', image: 'i' }] }
  const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { generateName: 'web-' }, spec }
  const { json } = await api.ask('POST', pods, { body: pod })
  assert.match(json.metadata.name, /^web-.{5}$/)
  const path = `${pods}/${json.metadata.name}/binding`
  const to = (name: string) => ({
    apiVersion: 'v1',
    kind: 'Binding',
    target: { kind: 'Node', name },
  })
  assert.equal((await api.ask('POST', path, { body: to('n1') })).code, 201)
  assert.equal((await api.ask('POST', path, { body: to('n2') })).code, 409)
  assert.equal((await api.ask('POST', path, { body: {} })).code, 422)
})

test('older versions of a kind are the same objects', async () => {
  const { selector: _, ...spec } = deployment('old').spec
  const body = { ...deployment('old'), apiVersion: 'extensions/v1beta1', spec }
  const path = '/apis/extensions/v1beta1/namespaces/default/deployments'
  const created = await api.ask('POST', path, { body })
  assert.equal(created.code, 201, created.text)
  assert.equal(created.json.apiVersion, 'extensions/v1beta1')
  const warning = String(created.headers.warning)
  assert.match(warning, /extensions\/v1beta1 Deployment is deprecated in v1\.8\+.*use apps\/v1/)
  const read = await api.ask('GET', `${deployments}/old`)
  assert.equal(read.json.apiVersion, 'apps/v1')
})

test('YAML is read; other media types, broken bodies and huge ones are refused', async () => {
  const yaml = 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: fromyaml\n'
  const read = await api.ask('POST', configMaps, { type: 'application/yaml', body: yaml })
  assert.equal(read.code, 201, read.text)
  const cbor = await api.ask('POST', configMaps, {
    type: 'application/cbor',
    body: 'k8s\0',
  })
  assert.equal(cbor.code, 415)
  assert.equal(cbor.json.kind, 'Status')
  assert.equal((await api.ask('POST', configMaps, { body: '{"kind":' })).code, 400)
  assert.equal((await api.ask('POST', configMaps, { body: '' })).code, 400)
  assert.equal((await api.ask('POST', configMaps, { body: '[]' })).code, 400)
  const huge = await api.ask('POST', configMaps, { body: `"${'x'.repeat(4 * 1024 * 1024)}"` })
  assert.equal(huge.code, 413)
  const large = { ...configMap('large'), data: { k: 'x'.repeat(1_000_000) } }
  const stored = await api.ask('POST', configMaps, { body: large })
  assert.ok([201, 413, 422].includes(stored.code), stored.text.slice(0, 200))
  assert.equal((await api.ask('GET', configMaps, { accept: 'text/html' })).code, 406)
})

test('who asks for YAML is answered in YAML: objects, lists, tables, refusals, and no watch', async () => {
  const accept = 'application/yaml'
  const pod = (name: string, script: string) => ({
    ...{ apiVersion: 'v1', kind: 'Pod', metadata: { name, labels: { yaml: 'yes' } } },
    spec: { containers: [{ name: 'c', image: 'i', args: [script] }] },
  })
  const scripts = ['one\n\n  two: "3"\n', 'on', ' 1.0\n   \nend', '']
  for (const [index, script] of scripts.entries()) {
    const body = pod(`yaml-${index}`, script)
    assert.equal((await api.ask('POST', inDefault('pods'), { body })).code, 201)
  }
  const selected = `${inDefault('pods')}?labelSelector=yaml`
  const paths = [
    ...[`${inDefault('pods')}/yaml-0`, `${inDefault('pods')}/yaml-9`, selected, '/api', '/apis'],
    ...['/api/v1', `${inDefault('pods')}?labelSelector=none`],
  ]
  for (const path of paths) {
    const [inJson, inYaml] = [await api.ask('GET', path), await api.ask('GET', path, { accept })]
    assert.equal(inYaml.code, inJson.code)
    assert.equal(inYaml.headers['content-type'], accept, path)
    assert.deepEqual(parse(inYaml.text, { version: '1.1' }), inJson.json, path)
  }
  const text = (await api.ask('GET', selected, { accept })).text
  assert.match(text, /^apiVersion: v1\nitems:\n- apiVersion: v1\n {2}kind: Pod\n {2}metadata:\n/)
  assert.match(text, /\n {4}- args:\n {6}- "on"\n/)
  assert.match(text, /\nkind: PodList\nmetadata:\n {2}resourceVersion: "\d+"\n$/)
  const table = `${accept};as=Table;v=v1;g=meta.k8s.io, application/json;q=0.5`
  const told = parse((await api.ask('GET', selected, { accept: table })).text)
  assert.deepEqual([told.kind, told.rows.length], ['Table', scripts.length])
  const preferred = `${accept};q=0.1, application/json`
  assert.equal((await api.ask('GET', selected, { accept: preferred })).json.kind, 'PodList')
  assert.equal((await api.ask('GET', `${inDefault('pods')}?watch=1`, { accept })).code, 406)
})

test('paths and methods that are not served', async () => {
  const unknown = await api.ask('GET', '/apis/nothing.example.com/v1/things')
  assert.equal(unknown.code, 404)
  assert.equal(unknown.json.message, 'the server could not find the requested resource')
  assert.equal((await api.ask('POST', '/api/v1/configmaps', { body: configMap('x') })).code, 405)
  const refused = await api.ask('GET', `${inDefault('pods')}/web/binding`)
  assert.equal(refused.code, 405)
  assert.equal(refused.json.message, 'pods/binding is not supported by this server')
})

test('an anonymous user sees the version and the health, and nothing else', async () => {
  const user = anonymous
  assert.equal((await api.ask('GET', '/version', { user })).code, 200)
  assert.equal((await api.ask('GET', '/readyz', { user })).text, 'ok')
  const denied = await api.ask('GET', inDefault('pods'), { user })
  assert.equal(denied.code, 403)
  assert.equal(
    denied.json.message,
    'pods is forbidden: User "system:anonymous" cannot list resource "pods" in API group "" in the namespace "default"',
  )
  const path = await api.ask('GET', '/apis', { user })
  assert.equal(path.json.message, 'forbidden: User "system:anonymous" cannot get path "/apis"')
})
