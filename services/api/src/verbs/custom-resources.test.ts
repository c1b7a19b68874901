import assert from 'node:assert/strict'
import test, { after, before } from 'node:test'
import { Objects } from '@reckon/domain'
import { startedApi } from '../api.fixture.ts'
import { cronTab, cronTabs } from './custom-resources.fixture.ts'

let api: Awaited<ReturnType<typeof startedApi>>
before(async () => {
  api = await startedApi()
  const defined = await api.ask('POST', definitions, { body: cronTabs })
  assert.equal(defined.code, 201, defined.text)
})
after(() => api.close())

const definitions = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions'
const path = '/apis/stable.example.com/v1/namespaces/default/crontabs'

const refused = async (url: string, body: object): Promise<string> => {
  const answer = await api.ask('POST', url, { body })
  assert.equal(answer.code, 422, answer.text)
  return answer.json.message ?? ''
}

test('a definition is accepted and established, and its kind served at once', async () => {
  const { json } = await api.ask('GET', `${definitions}/crontabs.stable.example.com`)
  const { status, spec, metadata } = json as unknown as typeof cronTabs & { status: object }
  const accepted = { status: 'True', lastTransitionTime: json.metadata.creationTimestamp }
  assert.deepEqual(status, {
    conditions: [
      {
        ...{ type: 'NamesAccepted', ...accepted },
        ...{ reason: 'NoConflicts', message: 'no conflicts found' },
      },
      {
        ...{ type: 'Established', ...accepted },
        ...{
          reason: 'InitialNamesAccepted',
          message: 'the initial names have been accepted',
        },
      },
    ],
    acceptedNames: spec.names,
    storedVersions: ['v1'],
  })
  assert.deepEqual(spec.names, {
    ...cronTabs.spec.names,
    singular: 'crontab',
    listKind: 'CronTabList',
  })
  assert.deepEqual((metadata as { finalizers?: unknown }).finalizers, [
    'customresourcecleanup.apiextensions.k8s.io',
  ])
  const group = await api.ask('GET', '/apis/stable.example.com')
  assert.match(group.text, /"preferredVersion":\{"groupVersion":"stable.example.com\/v1"/)
  const accept = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList'
  const aggregated = await api.ask('GET', '/apis', { accept })
  assert.match(aggregated.text, /"resource":"crontabs"/)
  const schema = await api.ask('GET', '/openapi/v3/apis/stable.example.com/v1')
  assert.match(schema.text, /"com.example.stable.v1.CronTab":/)
})

test('an object is pruned, defaulted, and kept', async () => {
  const spec = { port: 'http', extra: { any: { thing: 1 } }, labels: { a: 'b' }, unknown: 1 }
  const template = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p', nothing: 1 }, x: 1 }
  const body = cronTab('one', { ...spec, template, replicas: null })
  const created = await api.ask('POST', path, { body })
  assert.equal(created.code, 201)
  assert.deepEqual(created.json.spec, {
    ...{ cronSpec: '* * * * */5', image: 'busybox', replicas: 1, port: 'http' },
    ...{ extra: { any: { thing: 1 } }, labels: { a: 'b' } },
    template: { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p' } },
  })
  assert.equal(created.json.metadata.generation, 1)
  assert.match(String(created.headers.warning), /unknown field \\"spec.unknown\\"/)
  const strict = await api.ask('POST', `${path}?fieldValidation=Strict`, { body })
  assert.match(strict.json.message ?? '', /strict decoding error: .*unknown field "spec.unknown"/)
  const old = await api.ask('GET', path.replace('/v1/', '/v1beta1/').concat('/one'))
  assert.equal(old.json.apiVersion, 'stable.example.com/v1beta1')
})

test('what breaks the schema is refused with the path of its field', async () => {
  const id = 'CronTab.stable.example.com "bad" is invalid: '
  const bad = (spec: object) => refused(path, cronTab('bad', spec))
  assert.equal(
    await bad({ replicas: 'three' }),
    `${id}spec.replicas: Invalid value: "string": spec.replicas in body must be of type integer: "string"`,
  )
  assert.equal(
    await bad({ replicas: 11 }),
    `${id}spec.replicas: Invalid value: 11: spec.replicas in body should be less than or equal to 10`,
  )
  assert.match(await bad({ cronSpec: '* *' }), /spec.cronSpec in body should match '\^/)
  assert.equal(
    await bad({ image: 'apache' }),
    `${id}spec.image: Unsupported value: "apache": supported values: "busybox", "nginx"`,
  )
  const steps = [{ name: 'a' }, { name: 'a' }, {}]
  assert.match(
    await bad({ steps }),
    /spec.steps\[1\]: Duplicate value: {"name":"a"}, spec.steps\[2\].name: Required value/,
  )
  const nothing = { ...cronTab('bad'), spec: {} }
  assert.equal(await refused(path, nothing), `${id}spec.cronSpec: Required value`)
})

test('status and scale are apart, and columns are its own', async () => {
  await api.ask('POST', path, { body: cronTab('two', { replicas: 3 }) })
  const status = { replicas: 2, selector: 'app=x' }
  const merge = { type: 'application/merge-patch+json', body: { status, spec: { replicas: 9 } } }
  const patched = await api.ask('PATCH', `${path}/two/status`, merge)
  assert.deepEqual([patched.json.status, patched.json.metadata.generation], [status, 1])
  const scale = await api.ask('GET', `${path}/two/scale`)
  assert.deepEqual(scale.json.spec, { replicas: 3 })
  assert.deepEqual(scale.json.status, status)
  const body = { ...scale.json, spec: { replicas: 5 } }
  assert.equal((await api.ask('PUT', `${path}/two/scale`, { body })).code, 200)
  const accept = 'application/json;as=Table;v=v1;g=meta.k8s.io'
  const { json } = await api.ask('GET', `${path}?fieldSelector=metadata.name=two`, { accept })
  const { columnDefinitions, rows } = json as unknown as {
    columnDefinitions: { name: string; priority: number }[]
    rows: { cells: unknown[] }[]
  }
  assert.deepEqual(
    columnDefinitions.map(({ name }) => name),
    ['Name', 'Spec', 'Replicas', 'Image', 'Age'],
  )
  assert.deepEqual(rows[0]?.cells.slice(0, 4), ['two', '* * * * */5', 5, 'busybox'])
})

test('objects are selected by fields that the definition names', async () => {
  await api.ask('POST', path, { body: cronTab('served', { image: 'nginx' }) })
  const { json } = await api.ask('GET', `${path}?fieldSelector=spec.image=nginx`)
  assert.deepEqual(
    json.items.map(({ metadata }) => metadata.name),
    ['served'],
  )
  assert.equal((await api.ask('GET', `${path}?fieldSelector=spec.port=1`)).code, 400)
})

test('who uses a deprecated version is told so, in the words of the definition where it has any', async () => {
  const old = await api.ask('GET', path.replace('/v1/', '/v1beta1/'))
  const use = 'use stable.example.com/v1 CronTab'
  const warning = `stable.example.com/v1beta1 CronTab is deprecated; ${use}`
  assert.deepEqual([old.headers.warning].flat(), [`299 - "${warning}"`])
  assert.equal((await api.ask('GET', path)).headers.warning, undefined)
  const type = 'application/json-patch+json'
  const value = 'Not much longer.'
  const at = '/spec/versions/1/deprecationWarning'
  const patch = { type, body: [{ op: 'add', path: at, value }] }
  await api.ask('PATCH', `${definitions}/crontabs.stable.example.com`, patch)
  const later = await api.ask('GET', path.replace('/v1/', '/v1beta1/'))
  assert.deepEqual([later.headers.warning].flat(), [`299 - "${value}"`])
})

test('a map that is atomic is its manager’s as a whole', async () => {
  const type = 'application/apply-patch+yaml'
  const applied = (manager: string, runsOn: object) =>
    api.ask('PATCH', `${path}/atomic?fieldManager=${manager}`, {
      ...{ type, body: cronTab('atomic', { runsOn }) },
    })
  assert.equal((await applied('one', { zone: 'a' })).code, 201)
  const { code, json } = await applied('two', { disk: 'ssd' })
  assert.equal(code, 409)
  assert.match(json.message ?? '', /conflict with "one": .spec.runsOn$/)
})

test('server-side apply knows the lists of a custom kind', async () => {
  const type = 'application/apply-patch+yaml'
  const applied = (manager: string, step: object) =>
    api.ask('PATCH', `${path}/applied?fieldManager=${manager}`, {
      ...{ type, body: cronTab('applied', { steps: [step] }) },
    })
  assert.equal((await applied('one', { name: 'a', run: 'x' })).code, 201)
  const { json } = await applied('two', { name: 'b', run: 'y' })
  assert.deepEqual((json.spec as { steps: unknown }).steps, [
    { name: 'a', run: 'x' },
    { name: 'b', run: 'y' },
  ])
})

test('a definition that is none is refused in upstream’s words', async () => {
  const [version] = cronTabs.spec.versions
  const wrong = (openAPIV3Schema: object, spec: object = {}) =>
    refused(definitions, {
      ...cronTabs,
      metadata: { name: 'others.stable.example.com' },
      spec: {
        ...cronTabs.spec,
        names: { plural: 'others', kind: 'Other' },
        versions: [{ ...version, schema: { openAPIV3Schema } }],
        ...spec,
      },
    })
  const at = 'spec.validation.openAPIV3Schema'
  assert.match(
    await wrong({ type: 'object', properties: { spec: {} } }),
    new RegExp(
      `${at}.properties\\[spec\\].type: Required value: must not be empty for specified object fields`,
    ),
  )
  assert.match(await wrong({}), /type: Required value: must not be empty at the root/)
  assert.match(
    await wrong({ type: 'object' }, { conversion: { strategy: 'Webhook' } }),
    /spec.conversion.strategy: Unsupported value: "Webhook": supported values: "None"/,
  )
  const webhook = { conversionReviewVersions: ['v1'] }
  assert.match(
    await wrong({ type: 'object' }, { conversion: { strategy: 'None', webhook } }),
    /spec.conversion.webhook: Forbidden: should not be set when strategy is not set to Webhook/,
  )
})

test('names that another kind of the group has are not accepted', async () => {
  const [version] = cronTabs.spec.versions
  const schema = { openAPIV3Schema: { type: 'object' } }
  const body = {
    ...cronTabs,
    metadata: { name: 'timers.stable.example.com' },
    spec: {
      ...cronTabs.spec,
      names: { plural: 'timers', kind: 'CronTab' },
      versions: [{ ...version, schema, additionalPrinterColumns: [] }],
    },
  }
  const { json } = await api.ask('POST', definitions, { body })
  const { status } = json as unknown as {
    status: { conditions: { type: string; status: string }[] }
  }
  assert.deepEqual(
    status.conditions.map(({ type, status }) => `${type}=${status}`),
    ['NamesAccepted=False', 'Established=False'],
  )
  const unserved = path.replace('crontabs', 'timers')
  assert.equal((await api.ask('GET', unserved)).code, 404)
})

test('a view that is restored serves the same kinds', async () => {
  const records = [...api.ports.objects.snapshot()]
  const restored = new Objects()
  for (const record of records.reverse()) restored.restore(record)
  const resource = restored.resources.named('crontabs.stable.example.com')
  assert.ok(resource)
  assert.equal(restored.count(resource), api.ports.objects.count(resource))
})

test('an object of such a kind says what it is; of the kinds that are always there that need not be said', async () => {
  const { apiVersion, kind, ...rest } = cronTab('unsaid')
  const nothing = await api.ask('POST', path, { body: { apiVersion, ...rest } })
  assert.equal(nothing.code, 400)
  assert.match(
    nothing.json.message ?? '',
    /^the object provided is unrecognized \(must be of type CronTab\): Object 'Kind' is missing in '/,
  )
  const version = await api.ask('POST', path, { body: { kind, ...rest } })
  assert.equal(version.code, 400)
  const said = 'the API version in the data () does not match the expected API version'
  assert.equal(version.json.message, `${said} (${apiVersion})`)
  const maps = '/api/v1/namespaces/default/configmaps'
  const known = await api.ask('POST', maps, { body: { metadata: { name: 'unsaid' } } })
  assert.deepEqual([known.code, known.json.kind], [201, 'ConfigMap'])
})

test('a status that its only manager no longer applies is gone with the manager', async () => {
  await api.ask('POST', path, { body: cronTab('unsaid') })
  const { spec: _, ...named } = cronTab('unsaid')
  const type = 'application/apply-patch+yaml'
  const applied = async (said: object) => {
    const url = `${path}/unsaid/status?fieldManager=m`
    const answer = await api.ask('PATCH', url, { type, body: { ...named, ...said } })
    assert.equal(answer.code, 200, answer.text)
    const { managedFields = [] } = answer.json.metadata
    return [answer.json.status, managedFields.some(({ manager }) => manager === 'm')]
  }
  assert.deepEqual(await applied({ status: { replicas: 1 } }), [{ replicas: 1 }, true])
  assert.deepEqual(await applied({}), [undefined, false])
})

test('a definition whose status a client takes away goes on to be served', async () => {
  const url = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions/crontabs.stable.example.com'
  const before = await api.ask('GET', url)
  const type = 'application/merge-patch+json'
  for (const status of [null, {}, { conditions: [] }]) {
    const answer = await api.ask('PATCH', `${url}/status`, { type, body: { status } })
    assert.deepEqual([answer.code, answer.json.status], [200, before.json.status])
  }
})
