import assert from 'node:assert/strict'
import { test } from 'node:test'
import { metadataOf } from '@reckon/domain'
import { systemIds } from '@reckon/process'
import { configMap, inDefault, startedApi } from '../api.fixture.ts'

test('requests are measured, and who may ask is told', async (t) => {
  const api = await startedApi()
  t.after(() => api.close())
  await api.ask('POST', inDefault('configmaps'), { body: configMap('a') })
  await api.ask('GET', `${inDefault('configmaps')}/a`)
  await api.ask('GET', `${inDefault('configmaps')}/b`)
  const { code, text, headers } = await api.ask('GET', '/metrics')
  assert.equal(code, 200)
  assert.match(String(headers['content-type']), /^text\/plain; version=0\.0\.4/)
  const about = 'group="",version="v1",resource="configmaps",subresource=""'
  const counted = (verb: string, scope: string, answer: number) =>
    `apiserver_request_total{verb="${verb}",${about},scope="${scope}",code="${answer}"} 1`
  for (const line of [
    counted('POST', 'namespace', 201),
    counted('GET', 'resource', 200),
    counted('GET', 'resource', 404),
  ]) {
    assert.ok(text.includes(line), `${line} is not in\n${text}`)
  }
  const user = { name: 'eve', groups: ['system:authenticated'] }
  assert.equal((await api.ask('GET', '/metrics', { user })).code, 403)
})

test('a bug about one object answers 500 for it, is logged once, and touches no other', async (t) => {
  const api = await startedApi()
  t.after(() => api.close())
  const id = systemIds.next()
  const event = {
    id,
    type: 'PodCreated',
    data: {
      object: {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name: 'broken', namespace: 'default', uid: 'u' },
        spec: null,
      },
    },
    metadata: metadataOf({ actor: { user: 'test' }, verb: 'create' }, id, 0),
  }
  await api.ports.log.append('pods-default/broken', 'NoStream', [event])
  await api.ports.reader.waitForHead(1_000)
  for (const _ of [1, 2]) {
    const { code, text } = await api.ask('DELETE', `${inDefault('pods')}/broken`)
    assert.equal(code, 500)
    assert.doesNotMatch(text, /null|undefined/)
  }
  assert.equal((await api.ask('POST', inDefault('configmaps'), { body: configMap('a') })).code, 201)
  const { text } = await api.ask('GET', '/metrics')
  assert.match(text, /^reckon_key_failures_total\{loop="request"\} 2$/m)
  assert.equal(api.warnings.length, 1)
})
