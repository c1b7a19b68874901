import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { configMap, inDefault, startedApi } from '../api.fixture.ts'
import { withoutWatchPath } from './old-watch-path.ts'

let api: Awaited<ReturnType<typeof startedApi>>
before(async () => {
  api = await startedApi()
  for (const name of ['one', 'two']) {
    await api.ask('POST', inDefault('configmaps'), { body: configMap(name) })
  }
})
after(() => api.close())

test('a path below watch is the one of today that watches', () => {
  const said = Object.entries({
    '/api/v1/watch/pods': '/api/v1/pods?watch=true',
    '/api/v1/watch/pods?timeoutSeconds=1': '/api/v1/pods?watch=true&timeoutSeconds=1',
    '/api/v1/watch/namespaces': '/api/v1/namespaces?watch=true',
    '/api/v1/watch/namespaces/a': '/api/v1/namespaces?watch=true&fieldSelector=metadata.name%3Da',
    '/apis/apps/v1/watch/namespaces/a/deployments':
      '/apis/apps/v1/namespaces/a/deployments?watch=true',
    '/api/v1/watch/namespaces/a/pods/b':
      '/api/v1/namespaces/a/pods?watch=true&fieldSelector=metadata.name%3Db',
    '/api/v1/watch/nodes/n/': '/api/v1/nodes?watch=true&fieldSelector=metadata.name%3Dn',
  })
  for (const [old, today] of said) assert.equal(withoutWatchPath(old), today)
  for (const other of [
    ...['/', '/watch/pods', '/api/v1/watch', '/api/v1/watch/', '/api/v1/pods/watch'],
    ...['/api/v1/namespaces/watch/pods', '/apis/watch/v1/pods', '/api/v1/pods?x=/api/v1/watch/a'],
  ]) {
    assert.equal(withoutWatchPath(other), other)
  }
})

test('what is there is told by the old paths, too, of all and of one', async () => {
  const namesAt = async (path: string) =>
    (await api.ask('GET', `${path}?timeoutSeconds=1`)).lines.map(
      ({ type, object }) => `${type} ${object.metadata.name}`,
    )
  const old = '/api/v1/watch/namespaces/default/configmaps'
  const [all, one] = await Promise.all([namesAt(old), namesAt(`${old}/two`)])
  assert.deepEqual(all, ['ADDED one', 'ADDED two'])
  assert.deepEqual(one, ['ADDED two'])
})

test('what an old path names has to be served, and is only read there', async () => {
  assert.equal((await api.ask('GET', '/api/v1/watch/gadgets')).code, 404)
  const { code } = await api.ask('POST', '/api/v1/watch/namespaces/default/configmaps', {
    body: configMap('three'),
  })
  assert.equal(code, 405)
})

test('who may not watch may not by the old path either', async () => {
  const user = { name: 'eve', groups: ['system:authenticated'] }
  const answer = await api.ask('GET', '/api/v1/watch/configmaps', { user })
  assert.equal(answer.code, 403)
  assert.match(answer.json.message ?? '', /User "eve" cannot watch resource "configmaps"/)
})
