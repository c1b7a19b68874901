import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { configMap, inDefault, startedApi } from '../api.fixture.ts'

let api: Awaited<ReturnType<typeof startedApi>>
before(async () => {
  api = await startedApi()
})
after(() => api.close())

test('what is not served below the roots of the API is said in a Status, another path in text', async () => {
  for (const path of [
    '/api/v1/nope',
    '/api/v9',
    '/apis/foo/v1/bar',
    '/apis/apps/v1/nope/x',
    '/api/v1/namespaces/default/pods/x/nope',
  ]) {
    const { code, json } = await api.ask('GET', path)
    assert.deepEqual([code, json.kind, json.reason], [404, 'Status', 'NotFound'], path)
    assert.equal(json.message, 'the server could not find the requested resource')
  }
  assert.equal((await api.ask('GET', '/nope')).text, '404 page not found\n')
})

test('a path with a slash at its end is the one without', async () => {
  for (const path of ['/api', '/apis', '/apis/apps', '/apis/apps/v1', '/api/v1', '/version']) {
    const [bare, slashed] = [await api.ask('GET', path), await api.ask('GET', `${path}/`)]
    assert.deepEqual([slashed.code, slashed.text], [200, bare.text], path)
  }
  assert.equal((await api.ask('GET', `${inDefault('configmaps')}/`)).json.kind, 'ConfigMapList')
})

test('the root lists where to go on', async () => {
  const { paths } = (await api.ask('GET', '/')).json as unknown as { paths: string[] }
  for (const path of ['/api', '/api/v1', '/apis/apps', '/apis/apps/v1', '/version', '/readyz']) {
    assert.ok(paths.includes(path), path)
  }
})

test('HEAD is a GET without a body, and a watch has no end to wait for', async () => {
  await api.ask('POST', inDefault('configmaps'), { body: configMap('seen') })
  for (const path of [
    '/livez',
    '/version',
    '/apis',
    '/openapi/v3',
    '/metrics',
    inDefault('configmaps'),
    `${inDefault('configmaps')}/seen`,
  ]) {
    const { code, text } = await api.ask('HEAD', path)
    assert.deepEqual([code, text], [200, ''], path)
  }
  assert.equal((await api.ask('HEAD', `${inDefault('configmaps')}/none`)).code, 404)
  assert.equal((await api.ask('HEAD', `${inDefault('configmaps')}?watch=1`)).code, 405)
})
