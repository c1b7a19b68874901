import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { finalizeNamespace } from '@reckon/writing'
import { configMap, inDefault, startedApi } from '../api.fixture.ts'
import { isOfFormerNamespace } from './former-namespace.ts'

/** Reads ConfigMaps wherever they are, and nothing that is past. */
const jane = { name: 'jane', groups: ['system:authenticated'] }
let api: Awaited<ReturnType<typeof startedApi>>
before(async () => {
  api = await startedApi({
    authorizer: ({ user, ...access }) =>
      user.name !== jane.name || ('resource' in access && access.resource.group === '')
        ? 'allowed'
        : 'denied',
  })
})
after(() => api.close())

const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'team' } }
const inTeam = inDefault('configmaps').replace('default', 'team')

test('a version of before a namespace was made anew shows nothing of the former one', async () => {
  const made = await api.ask('POST', '/api/v1/namespaces', { body: namespace })
  assert.equal(made.code, 201, made.text)
  const { json } = await api.ask('POST', inTeam, { body: configMap('secret') })
  const version = json.metadata.resourceVersion ?? ''
  const exact = (user = jane) =>
    api.ask('GET', `${inTeam}?resourceVersion=${version}&resourceVersionMatch=Exact`, { user })
  const watched = () => {
    const query = `watch=true&timeoutSeconds=1&resourceVersion=${version}`
    return api.ask('GET', `${inTeam}?${query}`, { user: jane })
  }
  const isFormer = (of?: string) => isOfFormerNamespace(api.ports, of, BigInt(version))
  assert.equal((await exact()).json.items.length, 1)
  assert.equal(await isFormer('team'), false)

  await api.ask('DELETE', `${inTeam}/secret`)
  await api.ask('DELETE', '/api/v1/namespaces/team')
  const origin = { actor: { user: 'test' }, verb: 'update' }
  await finalizeNamespace(api.ports, { name: 'team', origin })
  await api.ports.reader.waitForHead(1000)
  assert.equal((await exact()).code, 410)

  assert.equal((await api.ask('POST', '/api/v1/namespaces', { body: namespace })).code, 201)
  assert.equal((await exact()).code, 410)
  assert.deepEqual(
    (await watched()).lines.map(({ type, object: { reason } }) => ({ type, reason })),
    [{ type: 'ERROR', reason: 'Expired' }],
  )
  assert.equal((await exact({ name: 'ada', groups: ['system:masters'] })).json.items.length, 1)
  assert.deepEqual([await isFormer('default'), await isFormer()], [false, false])
  const list = await api.ask('GET', inTeam, { user: jane })
  assert.deepEqual([list.code, list.json.items], [200, []])
})
