import assert from 'node:assert/strict'
import test, { after, before } from 'node:test'
import { configMap, inDefault, startedApi } from '../api.fixture.ts'

/** What a cost in proportion to the square of the length exceeds, on whatever machine: CPU of this thread. */
const cpuMicrosMax = 10_000_000

let api: Awaited<ReturnType<typeof startedApi>>
before(async () => {
  api = await startedApi()
})
after(() => api.close())

const pods = inDefault('pods')
const configMaps = inDefault('configmaps')
const json = 'application/json-patch+json'
const strategic = 'application/strategic-merge-patch+json'

const pod = (name: string) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name },
  spec: {
    schedulerName: 'none',
    containers: [{ name: 'c', image: 'i' }],
    tolerations: [{ key: 'a', operator: 'Exists' }],
  },
})

test('a JSON patch means what it means to kube-apiserver', async () => {
  await api.ask('POST', configMaps, { body: configMap('jp', { labels: { l: '1' } }) })
  await api.ask('POST', pods, { body: pod('jp') })
  const toleration = { key: 'z', operator: 'Exists' }
  const ask = (url: string, operation: object) =>
    api.ask('PATCH', `${url}/jp`, { type: json, body: [operation] })
  const set = await ask(configMaps, { op: 'replace', path: '/metadata/labels/new', value: '1' })
  assert.deepEqual(set.json.metadata.labels, { l: '1', new: '1' })
  const absent = await ask(configMaps, { op: 'test', path: '/metadata/labels/none', value: null })
  assert.equal(absent.code, 200)
  const last = await ask(pods, { op: 'add', path: '/spec/tolerations/-1', value: toleration })
  assert.match(last.text, /"key":"a".*"key":"z"/)
  const word = await ask(pods, { op: 'replace', path: '/spec/tolerations/abc', value: toleration })
  assert.equal(word.code, 422)
  const beyond = { op: 'copy', from: '/spec/tolerations/0', path: '/spec/tolerations/9' }
  assert.equal((await ask(pods, beyond)).code, 422)
  const removed = await ask(pods, { op: 'remove', path: '/spec/containers' })
  assert.equal(removed.code, 422)
  assert.match(removed.json.message ?? '', /spec.containers: Required value/)
})

test('a small patch that would make a large object is refused', async () => {
  await api.ask('POST', configMaps, { body: configMap('bomb') })
  const body = Array.from({ length: 30 }, (_, n) => ({
    op: 'copy',
    from: '/data',
    path: `/data/${n}`,
  }))
  const answer = await api.ask('PATCH', `${configMaps}/bomb`, { type: json, body })
  assert.equal(answer.code, 422)
  assert.match(answer.json.message ?? '', /accumulated size increase of copy is/)
  const test = { op: 'test', path: '/data/k', value: 'v' }
  const long = Array.from({ length: 10_001 }, () => test)
  const tooLong = await api.ask('PATCH', `${configMaps}/bomb`, { type: json, body: long })
  assert.equal(tooLong.code, 413)
  const message = 'The allowed maximum operations in a JSON patch is 10000, got 10001'
  assert.equal(tooLong.json.message, message)
})

test('an object nested by moves is refused, not walked', async () => {
  await api.ask('POST', configMaps, { body: configMap('deep') })
  const body = Array.from({ length: 4_900 }, (_, n) => [
    { op: 'add', path: `/d${n + 1}`, value: {} },
    { op: 'move', from: n === 0 ? '/data' : `/d${n}`, path: `/d${n + 1}/x` },
  ]).flat()
  const answer = await api.ask('PATCH', `${configMaps}/deep`, { type: json, body })
  assert.equal(answer.code, 400)
  assert.match(answer.json.message ?? '', /exceeded max depth/)
})

test('a patch of a list costs no more than its length', async () => {
  await api.ask('POST', pods, { body: pod('long') })
  const items = Array.from({ length: 60_000 }, (_, n) => ({ name: `c${n}`, image: 'i' }))
  const finalizers = Array.from({ length: 60_000 }, (_, n) => `example.com/f${n}`)
  const gone = items.map(({ name }) => ({ name, $patch: 'delete' }))
  const order = items.map(({ name }) => ({ name }))
  const ask = (body: object) => api.ask('PATCH', `${pods}/long`, { type: strategic, body })
  const began = process.threadCpuUsage().user
  assert.equal((await ask({ spec: { containers: items } })).code, 422)
  assert.equal((await ask({ spec: { containers: gone } })).code, 200)
  const ordered = { '$setElementOrder/containers': order, containers: items.slice(0, 20_000) }
  assert.equal((await ask({ spec: ordered })).code, 422)
  assert.equal((await ask({ metadata: { finalizers } })).code, 200)
  const without = { metadata: { '$deleteFromPrimitiveList/finalizers': finalizers } }
  assert.equal((await ask(without)).code, 200)
  assert.ok(process.threadCpuUsage().user - began < cpuMicrosMax)
})

test('checking what must be unique costs no more than its length', async () => {
  const containers = Array.from({ length: 60_000 }, (_, n) => ({ name: `c${n}`, image: 'i' }))
  const volumes = Array.from({ length: 30_000 }, (_, n) => ({ name: `v${n}`, emptyDir: {} }))
  const mounting = Array.from({ length: 15_000 }, (_, n) => ({
    name: `c${n}`,
    image: 'i',
    volumeMounts: [{ name: `v${n}`, mountPath: '/' }],
  }))
  const began = process.threadCpuUsage().user
  for (const spec of [{ containers }, { containers: mounting, volumes }]) {
    const body = { ...pod('unique'), spec }
    const answer = await api.ask('POST', `${pods}?dryRun=All`, { body })
    assert.equal(answer.code, 201, answer.text.slice(0, 200))
  }
  assert.ok(process.threadCpuUsage().user - began < cpuMicrosMax)
})

test('a patch that would rename an object, or leave it without a name, is a bad request, as upstream', async () => {
  await api.ask('POST', configMaps, { body: configMap('called') })
  const refusalOf = async (type: string, body: object) => {
    const { code, json } = await api.ask('PATCH', `${configMaps}/called`, { type, body })
    assert.equal(code, 400)
    return json.message
  }
  const merge = 'application/merge-patch+json'
  const other = { metadata: { name: 'other' } }
  const renamed = 'the name of the object (other) does not match the name on the URL (called)'
  assert.equal(await refusalOf(merge, other), renamed)
  assert.equal(await refusalOf(strategic, other), renamed)
  const nameless =
    'the name of the object (called based on URL) was undeterminable: name must be provided'
  assert.equal(await refusalOf(merge, { metadata: { name: null } }), nameless)
  assert.equal(await refusalOf(json, [{ op: 'remove', path: '/metadata' }]), nameless)
  const moved = await refusalOf(merge, { metadata: { namespace: 'other' } })
  assert.match(moved ?? '', /the namespace of the provided object does not match/)
  const body = { metadata: { namespace: null } }
  const unmoved = await api.ask('PATCH', `${configMaps}/called`, { type: merge, body })
  assert.deepEqual([unmoved.code, unmoved.json.metadata.namespace], [200, 'default'])
})

test('a collection is neither put nor patched', async () => {
  for (const method of ['PUT', 'PATCH'] as const) {
    const { code } = await api.ask(method, configMaps, { body: configMap('one') })
    assert.equal(code, 405)
  }
})
