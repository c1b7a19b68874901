import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { configMap, inDefault, startedApi } from '../api.fixture.ts'

let api: Awaited<ReturnType<typeof startedApi>>
before(async () => {
  api = await startedApi()
})
after(() => api.close())

const maps = inDefault('configmaps')

async function made(name: string) {
  const { json } = await api.ask('POST', maps, { body: configMap(name) })
  return json.metadata
}
const deleted = (name: string, body?: object, query = '') =>
  api.ask('DELETE', `${maps}/${name}${query}`, body && { body })
const finalizersOf = async (name: string) =>
  (await api.ask('GET', `${maps}/${name}`)).json.metadata?.finalizers

test('a policy is told by its name, or in the older way, in the body or in the query', async () => {
  const ways: [object | undefined, string][] = [
    [{ propagationPolicy: 'Orphan' }, ''],
    [{ orphanDependents: true }, ''],
    [undefined, '?propagationPolicy=Orphan'],
    [undefined, '?orphanDependents=true'],
  ]
  for (const [index, [body, query]] of ways.entries()) {
    await made(`orphan-${index}`)
    assert.equal((await deleted(`orphan-${index}`, body, query)).code, 200)
    assert.deepEqual(await finalizersOf(`orphan-${index}`), ['orphan'])
  }
  await made('foreground')
  await deleted('foreground', { propagationPolicy: 'Foreground' })
  assert.deepEqual(await finalizersOf('foreground'), ['foregroundDeletion'])
  for (const body of [{ orphanDependents: false }, { propagationPolicy: 'Background' }]) {
    await made('background')
    await deleted('background', body)
    assert.equal((await api.ask('GET', `${maps}/background`)).code, 404)
  }
})

test('both at once, and a policy that is none, are refused', async () => {
  await made('kept')
  const both = await deleted('kept', { propagationPolicy: 'Orphan', orphanDependents: true })
  assert.deepEqual(
    [both.code, both.json.details?.causes?.map(({ field, message }) => `${field}: ${message}`)],
    [
      422,
      [
        'propagationPolicy: Invalid value: "Orphan": orphanDependents and deletionPropagation cannot be both set',
      ],
    ],
  )
  const none = await deleted('kept', { propagationPolicy: 'Some' })
  assert.match(none.json.message ?? '', /Unsupported value: "Some": supported values: "Background"/)
  assert.equal((await api.ask('GET', `${maps}/kept`)).code, 200)
})

test('a dry run deletes nothing, and neither does what is about another object or version', async () => {
  const { uid, resourceVersion } = await made('held')
  assert.equal((await deleted('held', { dryRun: ['All'] })).code, 200)
  const others = [{ uid: 'another' }, { resourceVersion: '1' }]
  for (const preconditions of others) {
    assert.equal((await deleted('held', { preconditions })).code, 409)
  }
  assert.equal((await deleted('held', { preconditions: { uid, resourceVersion } })).code, 200)
  assert.equal((await api.ask('GET', `${maps}/held`)).code, 404)
})

test('a pod that runs gets the time that it is given', async () => {
  const spec = { nodeName: 'a', containers: [{ name: 'c', image: 'i' }] }
  const body = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'web' }, spec }
  await api.ask('POST', inDefault('pods'), { body })
  await api.ask('DELETE', `${inDefault('pods')}/web`, { body: { gracePeriodSeconds: 7 } })
  const { json } = await api.ask('GET', `${inDefault('pods')}/web`)
  assert.equal(json.metadata.deletionGracePeriodSeconds, 7)
})
