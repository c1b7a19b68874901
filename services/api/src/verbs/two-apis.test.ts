import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { createMemoryEventLog } from '@reckon/eventing/memory'
import { systemIds } from '@reckon/process'
import { configMap, inDefault, startedApi } from '../api.fixture.ts'
import { connectedTo } from '../http-client.fixture.ts'

const lagMs = 60
const log = createMemoryEventLog()
/** What the second api draws next, where that is not left to chance. */
const chance: { next?: number } = {}
const below = (limit: number) => {
  const { next = systemIds.below(limit) } = chance
  delete chance.next
  return next
}
const ids = { ...systemIds, below }
const apis = [await startedApi({ over: log }), await startedApi({ over: log, lagMs, ids })] as const
const clients = [await connectedTo(apis[0].app), await connectedTo(apis[1].app)] as const
/** The second api hears of everything so much later. */
const [ahead, behind] = [clients[0].ask, clients[1].ask]
const maps = inDefault('configmaps')

after(async () => {
  for (const client of clients) client.close()
  for (const api of apis) await api.close()
})

/** Both views have everything. */
const bothCaughtUp = () => Promise.all(apis.map(({ ports }) => ports.reader.waitForHead(3000)))

const typesOf = async (stream: string) =>
  (await Array.fromAsync(log.readStream(stream))).map(({ type }) => type)

test('an update back to what an api that is behind still shows is recorded', async () => {
  await ahead('POST', maps, configMap('back', { annotations: { v: '0' } }))
  await bothCaughtUp()
  const set = (ask: typeof ahead, v: string) =>
    ask('PATCH', `${maps}/back`, { metadata: { annotations: { v } } })
  for (let turn = 0; turn < 5; turn++) {
    await set(ahead, 'on')
    const { code, json } = await set(behind, '0')
    assert.deepEqual([code, json.metadata.annotations?.v], [200, '0'])
    await bothCaughtUp()
  }
  assert.equal((await typesOf('configmaps-default/back')).length, 11)
})

test('a version that an api has not seen yet is no conflict; one that is overtaken is', async () => {
  const made = await ahead('POST', maps, configMap('versions'))
  await bothCaughtUp()
  const { json } = await ahead('PATCH', `${maps}/versions`, { data: { k: 'new' } })
  const put = (resourceVersion = '') =>
    behind('PUT', `${maps}/versions`, configMap('versions', { resourceVersion }))
  assert.equal((await put(made.json.metadata.resourceVersion)).code, 409)
  assert.equal((await put(json.metadata.resourceVersion)).code, 200)
})

test('a deletion after a re-creation deletes what is there, whatever an api behind still shows', async () => {
  const finalizers = ['example.org/held']
  for (const name of ['held', 'held-too']) {
    await ahead('POST', maps, configMap(name, { finalizers }))
    await ahead('DELETE', `${maps}/${name}`)
  }
  await bothCaughtUp()
  for (const name of ['held', 'held-too']) {
    await ahead('PATCH', `${maps}/${name}`, { metadata: { finalizers: [] } })
  }
  const again = await Promise.all(
    ['held', 'held-too'].map((name) => ahead('POST', maps, configMap(name))),
  )
  const { uid } = again[1]?.json.metadata ?? {}
  assert.equal((await behind('DELETE', `${maps}/held`)).code, 200)
  const exactly = await behind('DELETE', `${maps}/held-too`, { preconditions: { uid } })
  assert.equal(exactly.code, 200, exactly.why)
  for (const name of ['held', 'held-too']) {
    assert.equal((await typesOf(`configmaps-default/${name}`)).at(-1), 'ConfigMapDeleted')
    assert.equal((await ahead('GET', `${maps}/${name}`)).code, 404)
  }
})

test('the uid of an object that was deleted and made again elsewhere deletes neither', async () => {
  const { json } = await ahead('POST', maps, configMap('other'))
  await bothCaughtUp()
  await ahead('DELETE', `${maps}/other`)
  await ahead('POST', maps, configMap('other'))
  const { uid } = json.metadata
  const refused = await behind('DELETE', `${maps}/other`, { preconditions: { uid } })
  assert.equal(refused.code, 409)
  assert.equal((await ahead('GET', `${maps}/other`)).code, 200)
})

test('what was deleted elsewhere can be made again, and changed where it was made elsewhere', async () => {
  const secrets = inDefault('secrets')
  const secret = (password: string) => ({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'db' },
    stringData: { password },
  })
  await ahead('POST', secrets, secret('one'))
  await bothCaughtUp()
  await ahead('DELETE', `${secrets}/db`)
  assert.equal((await behind('POST', secrets, secret('two'))).code, 201)
  await bothCaughtUp()
  await ahead('DELETE', `${secrets}/db`)
  await ahead('POST', secrets, secret('three'))
  const changed = await behind('PATCH', `${secrets}/db`, { stringData: { user: 'ada' } })
  assert.equal(changed.code, 200, changed.why)
  const { password, user } = changed.json.data as Record<string, string>
  assert.deepEqual(
    [password, user],
    ['three', 'ada'].map((text) => Buffer.from(text).toString('base64')),
  )
})

test('a namespace that was made elsewhere is there, and one that ended elsewhere takes nothing', async () => {
  await ahead('POST', '/api/v1/namespaces', { metadata: { name: 'fresh' } })
  const path = '/api/v1/namespaces/fresh/configmaps'
  assert.equal((await behind('POST', path, configMap('a'))).code, 201)
  assert.equal(
    (await behind('POST', '/api/v1/namespaces/none/configmaps', configMap('a'))).code,
    404,
  )
  await behind('DELETE', '/api/v1/namespaces/fresh')
  assert.equal((await behind('POST', path, configMap('b'))).code, 403)
})

test("an address or a port that another api has given away is not a client's fault: it gets another", async () => {
  const service = (name: string, spec = {}) => ({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name },
    spec: { ports: [{ port: 80 }], ...spec },
  })
  await bothCaughtUp()
  const { json } = await ahead('POST', inDefault('services'), service('first'))
  const address = (json.spec as { clusterIP: string }).clusterIP
  const parts = address.split('.').map(Number)
  const offset = (parts[2] ?? 0) * 256 + (parts[3] ?? 0)
  chance.next = offset - 16
  const second = await behind('POST', inDefault('services'), service('second'))
  assert.equal(second.code, 201, second.why)
  assert.notEqual((second.json.spec as { clusterIP: string }).clusterIP, address)
  const changed = await ahead('POST', inDefault('services'), service('port', { type: 'NodePort' }))
  const [{ nodePort = 0 } = {}] =
    (changed.json.spec as { ports?: { nodePort: number }[] }).ports ?? []
  chance.next = nodePort - 30000
  const patched = await behind('PATCH', `${inDefault('services')}/second`, {
    spec: { type: 'NodePort' },
  })
  assert.equal(patched.code, 200, patched.why)
  const asked = await behind(
    'POST',
    inDefault('services'),
    service('third', { clusterIP: address }),
  )
  assert.equal(asked.code, 422)
})
