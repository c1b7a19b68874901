import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ResourceTable } from '@reckon/kubernetes'
import { requestInfoOf } from './request-info.ts'

const resources = new ResourceTable()

test('a request is known by verb, resource and scope, as upstream tells them', () => {
  const described = (method: string, url: string) => {
    const { verb, group, resource, subresource, scope } = requestInfoOf(resources, method, url)
    return [verb, group, resource, subresource, scope].join(' ')
  }
  assert.equal(described('GET', '/api/v1/pods?limit=500'), 'LIST  pods  cluster')
  assert.equal(described('GET', '/api/v1/namespaces/a/pods'), 'LIST  pods  namespace')
  assert.equal(described('GET', '/api/v1/namespaces/a/pods?watch=1'), 'WATCH  pods  namespace')
  assert.equal(described('GET', '/api/v1/namespaces/a'), 'GET  namespaces  resource')
  assert.equal(
    described('PATCH', '/apis/apps/v1/namespaces/a/deployments/web/scale'),
    'PATCH apps deployments scale resource',
  )
  assert.equal(described('DELETE', '/api/v1/nodes'), 'DELETECOLLECTION  nodes  cluster')
  assert.equal(described('POST', '/api/v1/namespaces'), 'POST  namespaces  cluster')
  const exec = '/api/v1/namespaces/a/pods/p/exec'
  assert.equal(described('GET', exec), 'CONNECT  pods exec resource')
  const finalize = '/api/v1/namespaces/a/finalize'
  assert.equal(described('PUT', finalize), 'PUT  namespaces finalize resource')
})

test('what is about no object that is served has no names, whatever its path says', () => {
  const pod = '/api/v1/namespaces/a/pods/p'
  const objects = [
    '/apis/evil.example/v1/things',
    `${pod}/evil`,
    `${pod}/evil/exec`,
    `${pod}/scale`,
  ]
  for (const url of ['/version', '/apis', ...objects, '/a/b/c/d', '//', '']) {
    const { verb, ...names } = requestInfoOf(resources, 'GET', url)
    assert.deepEqual(new Set(Object.values(names)), new Set(['']), url)
  }
})
