import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Objects } from '@reckon/domain'
import { configMaps, pods } from '@reckon/kubernetes'
import { configMap, inDefault, startedApi } from '../api.fixture.ts'
import { type Authorizer, firstOpinion } from './authorizer.ts'
import { authorizers } from './authorizers.ts'

const view = new Objects()
const eve = { name: 'eve', groups: ['system:authenticated'] }
const allows: Authorizer = () => 'allowed'
const denies: Authorizer = () => 'denied'
const silent: Authorizer = () => 'no opinion'
const asked = { user: eve, verb: 'get', path: '/version' }

test('the first authorizer with an opinion decides', () => {
  assert.equal(firstOpinion([silent, denies, allows])(asked, view), 'denied')
  assert.equal(firstOpinion([silent, allows, denies])(asked, view), 'allowed')
  assert.equal(firstOpinion([silent])(asked, view), 'no opinion')
})

test('system:masters may do everything, everybody may read the version, and nobody else anything', () => {
  const root = { name: 'root', groups: ['system:masters'] }
  const deletion = { verb: 'delete', resource: pods, namespace: 'default', name: 'web' }
  assert.equal(authorizers({ user: root, ...deletion }, view), 'allowed')
  assert.equal(authorizers({ user: eve, ...deletion }, view), 'no opinion')
  assert.equal(authorizers(asked, view), 'allowed')
})

test('an authorizer sees the view as it is when the request is made', async (t) => {
  const whoIsListed: Authorizer = ({ user }, objects) =>
    objects.get(configMaps, 'default', user.name) ? 'allowed' : 'no opinion'
  const api = await startedApi({ authorizer: firstOpinion([authorizers, whoIsListed]) })
  t.after(api.close)
  assert.equal((await api.ask('GET', inDefault('pods'), { user: eve })).code, 403)
  await api.ask('POST', inDefault('configmaps'), { body: configMap('eve') })
  assert.equal((await api.ask('GET', inDefault('pods'), { user: eve })).code, 200)
})
