import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { inDefault, startedApi } from '../api.fixture.ts'

let api: Awaited<ReturnType<typeof startedApi>>
before(async () => {
  api = await startedApi()
})
after(() => api.close())

test('a binding names what a Node can be called, or is refused in the words of Kubernetes', async () => {
  const spec = { containers: [{ name: 'c', image: 'i' }] }
  const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'web' }, spec }
  await api.ask('POST', inDefault('pods'), { body: pod })
  const bind = (name: unknown) => {
    const body = { apiVersion: 'v1', kind: 'Binding', target: { name } }
    return api.ask('POST', `${inDefault('pods')}/web/binding`, { body })
  }
  for (const name of ['x.events 0\r\n\r\nPUB events.pods 0', 'a b', '*', 'a.>', 'Upper', '.']) {
    const { code, json } = await bind(name)
    assert.equal(code, 422, name)
    assert.match(String(json.message), /target\.name: Invalid value: .*RFC 1123 subdomain/)
  }
  for (const name of [undefined, '']) {
    assert.match(String((await bind(name)).json.message), /target\.name: Required value/)
  }
  const body = { apiVersion: 'v1', kind: 'Binding', target: { kind: 'Pod', name: 'node-1' } }
  const other = await api.ask('POST', `${inDefault('pods')}/web/binding`, { body })
  const refused = 'target.kind: Unsupported value: "Pod": supported values: "Node", "<empty>"'
  assert.ok(other.json.message?.endsWith(refused), other.text)
  assert.equal((await bind('node-1')).code, 201)
})

test('a Binding that is posted beside the pods goes to the pod of its name, and none is kept', async () => {
  const spec = { containers: [{ name: 'c', image: 'i' }] }
  const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'bound' }, spec }
  await api.ask('POST', inDefault('pods'), { body: pod })
  const binding = { apiVersion: 'v1', kind: 'Binding', target: { name: 'node-1' } }
  const bindings = inDefault('bindings')
  const posted = (metadata: object) => api.ask('POST', bindings, { body: { ...binding, metadata } })
  assert.equal((await posted({ name: 'bound' })).code, 201)
  const { json } = await api.ask('GET', `${inDefault('pods')}/bound`)
  assert.equal((json.spec as { nodeName?: string }).nodeName, 'node-1')
  assert.equal((await posted({})).code, 400)
  assert.equal((await posted({ name: 'none' })).code, 404)
  assert.equal((await api.ask('GET', bindings)).code, 405)
})
