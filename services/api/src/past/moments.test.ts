import assert from 'node:assert/strict'
import { test } from 'node:test'
import { configMap, inDefault, startedApi } from '../api.fixture.ts'
import { cronTab, cronTabs } from '../verbs/custom-resources.fixture.ts'
import { fillWithChanges } from './past-history.fixture.ts'

type Api = Awaited<ReturnType<typeof startedApi>>

const path = `${inDefault('configmaps')}/a`
const table = 'application/json;as=Table;v=v1;g=meta.k8s.io'
const changed = (k: string) => ({
  type: 'application/merge-patch+json',
  body: { data: { k } },
})
const history = '/apis/history.reckon.dev/v1'
const position = ({ ports }: Api): string => String(ports.objects.position)

/** An api with a ConfigMap that was changed after this time. */
async function changedApi() {
  const api = await startedApi()
  const { json: first } = await api.ask('POST', inDefault('configmaps'), { body: configMap('a') })
  const timeMs = Date.now()
  while (Date.now() === timeMs) await new Promise((resolve) => setImmediate(resolve))
  await api.ask('PATCH', path, changed('later'))
  return { api, first, timeMs }
}

test('a time and a duration lead to a position, which tells what was there, for ever', async (t) => {
  const { api, first, timeMs } = await changedApi()
  t.after(api.close)
  const time = new Date(timeMs).toISOString()
  const led = await api.ask('GET', `/at/${time}${path}?x=y`)
  assert.equal(led.code, 307)
  const to = `/at/${first.metadata.resourceVersion}@${time}${path}?x=y`
  assert.equal(led.headers.location, to)
  assert.deepEqual((await api.ask('GET', to)).json, first)
  const { headers } = await api.ask('GET', `/at/0s${path}`)
  assert.match(String(headers.location), /^\/at\/\d+@\d{4}-\S+Z\/api\/v1/)
  assert.equal((await api.ask('GET', `/at/2001-01-01T00:00:00Z${path}`)).code, 410)
  for (const far of [`/at/99999999999d/api/v1/pods`, `${history}/position?at=99999999999d`]) {
    const { code } = await api.ask('GET', far)
    assert.ok(code === 400 || code === 422, `${path}: ${code}`)
  }
  for (const none of ['yesterday', '2001', '12@x', '%zz']) {
    assert.ok((await api.ask('GET', `/at/${none}${path}`)).code >= 400, none)
  }
})

test('ages count to the moment', async (t) => {
  const { api, first } = await changedApi()
  t.after(api.close)
  const version = first.metadata.resourceVersion
  const ageAt = async (moment: string) => {
    const { text } = await api.ask('GET', `/at/${moment}${inDefault('configmaps')}`, {
      accept: table,
    })
    return /"cells":\["a",1,"([^"]*)"/.exec(text)?.[1]
  }
  assert.match((await ageAt(`${version}`)) ?? '', /^[01]s$/)
  const created = Date.parse(first.metadata.creationTimestamp ?? '')
  assert.equal(await ageAt(`${version}@${new Date(created + 7_200_000).toISOString()}`), '120m')
})

test('nothing is written in the past, and what is not recorded is refused by a sentence', async (t) => {
  const { api } = await changedApi()
  t.after(api.close)
  const below = `/at/${position(api)}`
  for (const method of ['POST', 'PUT', 'PATCH', 'DELETE']) {
    const { code, json } = await api.ask(method, `${below}${path}`, { body: configMap('a') })
    assert.deepEqual([code, json.reason], [405, 'MethodNotAllowed'])
    assert.match(json.message ?? '', /the past does not change/)
  }
  for (const live of [`${inDefault('pods')}/x/log`, '/metrics', '/apis/metrics.k8s.io/v1/nodes']) {
    assert.ok([404, 405].includes((await api.ask('GET', below + live)).code), live)
  }
  for (const [method, live] of [
    ['POST', `${inDefault('pods')}/x/exec?command=ls`],
    ['POST', `${inDefault('pods')}/x/portforward`],
  ] as const) {
    const { code, json } = await api.ask(method, below + live)
    assert.deepEqual([code, json.message?.split(':')[0]], [405, 'this is not recorded'])
  }
  const review = {
    apiVersion: 'authorization.k8s.io/v1',
    kind: 'SelfSubjectAccessReview',
    spec: { resourceAttributes: { verb: 'get', resource: 'pods' } },
  }
  const reviews = '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews'
  assert.equal((await api.ask('POST', below + reviews, { body: review })).code, 201)
})

test('caches may keep what is told of a position, but no Secret', async (t) => {
  const { api } = await changedApi()
  t.after(api.close)
  const at = `/at/${position(api)}`
  const { headers } = await api.ask('GET', at + path)
  assert.equal(headers['cache-control'], 'private, max-age=3600, immutable')
  assert.match(
    String(headers.vary),
    /Authorization, X-Reckon-Ui/,
    'nobody gets what another was told',
  )
  const again = await api.app.inject({
    method: 'GET',
    url: at + path,
    headers: { accept: 'application/json', 'if-none-match': String(headers.etag) },
  })
  assert.deepEqual([again.statusCode, again.body], [304, ''])
  const secrets = await api.ask('GET', at + inDefault('secrets'))
  assert.equal(secrets.headers['cache-control'], 'no-store')
  const told = await api.ask('GET', at + inDefault('events'))
  assert.equal(told.headers['cache-control'], 'private, no-cache')
  assert.equal(told.headers.etag, undefined, 'they are computed again')
})

test('a watch of the past tells what was there and then keeps silent', async (t) => {
  const { api } = await changedApi()
  t.after(api.close)
  const list = `/at/${position(api)}${inDefault('configmaps')}?watch=1&timeoutSeconds=1`
  const { code, lines } = await api.ask('GET', list)
  assert.deepEqual(
    [code, lines.map(({ type, object }) => [type, object.metadata.name])],
    [200, [['ADDED', 'a']]],
  )
})

test('who may not read the past sees nothing below it', async (t) => {
  const eve = { name: 'eve', groups: ['system:authenticated'] }
  const api = await startedApi({
    authorizer: ({ user, verb }) => (user !== eve || verb !== 'past' ? 'allowed' : 'no opinion'),
  })
  t.after(api.close)
  await api.ask('POST', inDefault('configmaps'), { body: configMap('a') })
  const below = `/at/${position(api)}`
  const nodes = '/api/v1/nodes/n/status'
  for (const each of [path, inDefault('configmaps'), inDefault('events'), '/api/v1/pods', nodes]) {
    const { code, json } = await api.ask('GET', below + each, { user: eve })
    assert.equal(code, 403, each)
    assert.match(
      json.message ?? '',
      /User "eve" cannot past resource "\w+(\/status)?" in API group "history\.reckon\.dev"/,
    )
  }
  const scaled = `/apis/apps/v1/namespaces/default/deployments/d/scale`
  assert.equal((await api.ask('GET', below + scaled, { user: eve })).code, 403)
})

const ofTabs = '/apis/stable.example.com/v1/namespaces/default/crontabs'
const definitions = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions'

test('a kind is served below a moment when it was defined, also once it is gone', async (t) => {
  const api = await startedApi()
  t.after(api.close)
  const before = position(api)
  await api.ask('POST', definitions, { body: cronTabs })
  const { json: made } = await api.ask('POST', ofTabs, { body: cronTab('tab', { replicas: 2 }) })
  const paths = ['/apis', '/apis/stable.example.com/v1', '/openapi/v3', '/openapi/v2', ofTabs]
  const read = (prefix: string) =>
    Promise.all(paths.map(async (each) => (await api.ask('GET', prefix + each)).text))
  const live = await read('')
  const then = position(api)
  assert.deepEqual(await read(`/at/${then}`), live, 'while nothing is otherwise')
  await api.ask('DELETE', `${ofTabs}/tab`)
  const type = 'application/merge-patch+json'
  const definition = `${definitions}/${cronTabs.metadata.name}`
  await api.ask('DELETE', definition)
  await api.ask('PATCH', definition, { type, body: { metadata: { finalizers: [] } } })
  assert.equal((await api.ask('GET', ofTabs)).code, 404)
  const ofTab = `${history}/namespaces/default/${cronTabs.metadata.name}/tab`
  const { text: told } = await api.ask('GET', `${ofTab}/history`)
  assert.match(told, /"type":"CronTabCreated".*"type":"CronTabDeleted"/)
  assert.equal((await api.ask('GET', `${ofTab}/trace`)).code, 200)
  for (const remembers of [true, false]) {
    if (!remembers) {
      await api.ask('POST', inDefault('configmaps'), { body: configMap('c') })
      await fillWithChanges(api)
    }
    assert.deepEqual(await read(`/at/${then}`), live)
    assert.deepEqual((await api.ask('GET', `/at/${then}${ofTabs}/tab`)).json, made)
    const { text } = await api.ask('GET', `/at/${then}${ofTabs}`, { accept: table })
    assert.match(text, /"cells":\["tab","\* \* \* \* \*\/5",2/)
    assert.equal((await api.ask('GET', `/at/${before}${ofTabs}`)).code, 404)
  }
})

test('what a write would do at a moment can be tried there, as kubectl diff does, and records nothing', async (t) => {
  const { api, first } = await changedApi()
  t.after(api.close)
  const then = `/at/${first.metadata.resourceVersion}`
  await api.ask('DELETE', path)
  const head = position(api)
  const type = 'application/merge-patch+json'
  const asked = { type, body: { data: { more: 'x' } } }
  const tried = await api.ask('PATCH', `${then}${path}?dryRun=All`, asked)
  assert.equal(tried.code, 200, tried.text)
  assert.deepEqual(tried.json.data, { k: 'v', more: 'x' })
  assert.equal((await api.ask('PATCH', `${then}${path}`, asked)).code, 405)
  const created = (name: string, at = then) =>
    api.ask('POST', `${at}${inDefault('configmaps')}?dryRun=All`, { body: configMap(name) })
  assert.equal((await created('b')).code, 201)
  assert.equal((await created('a')).code, 409)
  assert.equal((await created('a', '')).code, 201)
  assert.equal(
    (await api.ask('PUT', `${then}${path}?dryRun=All`, { body: configMap('a') })).code,
    405,
  )
  assert.equal(position(api), head)
})
