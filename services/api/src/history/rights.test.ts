import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { defaultRoles, nodes, pods } from '@reckon/kubernetes'
import { createObject } from '@reckon/writing'
import type { User } from '../access/authenticator.ts'
import { configMap, deployment, inDefault, startedApi } from '../api.fixture.ts'
import { founder } from '../founding/founding.ts'
import { historyPath } from './events.ts'

type Start = NonNullable<Parameters<typeof startedApi>[0]>

/** Anybody whom the cluster knows: roles of upstream's allow such a one to read every path below `/apis`. */
const eve: User = { name: 'eve', groups: ['system:authenticated'] }
const mayAllButPast: Start['authorizer'] = ({ user, verb }) =>
  user !== eve || verb !== 'past' ? 'allowed' : 'no opinion'

/** What tells nothing of the past: which position a moment is; what happens from now on. */
const ofThePresent = ['/position', '/watch']
/** Without these a route is not asked for anything. */
const queries: Readonly<Record<string, string>> = {
  '/trace': '?position=1',
  '/route': '?host=web.localhost',
  '/diff': '?from=1',
  '/utilisation': '?at=1',
}
const bodies: Readonly<Record<string, object>> = { '/undo': { request: 'unknown' } }

async function filledApi(t: TestContext, start: Start) {
  const api = await startedApi(start)
  t.after(api.close)
  await api.ask('POST', inDefault('configmaps'), { body: configMap('a') })
  await api.ask('POST', inDefault('deployments'), { body: deployment('a') })
  const object = { apiVersion: 'v1', kind: 'Node', metadata: { name: 'a' }, spec: {} }
  await createObject(api.ports, { resource: nodes, object, origin: founder })
  for (const role of defaultRoles) {
    const resource = api.ports.objects.resources.ofKind(role.apiVersion, role.kind)
    assert.ok(resource)
    await createObject(api.ports, { resource, object: role, origin: founder })
  }
  await api.ports.reader.waitForHead(1000)
  return api
}

for (const [who, start] of [
  ['whom roles allow what they allow everybody', {}],
  ['who may do all but read the past', { authorizer: mayAllButPast }],
] as const) {
  test(`every route of the history's group refuses one ${who}`, async (t) => {
    const api = await filledApi(t, start)
    assert.equal((await api.ask('GET', '/apis', { user: eve })).code, 200)
    const asked: string[] = []
    for (const { method, url } of api.routes) {
      const end = url.slice(historyPath.length)
      if (!url.startsWith(historyPath) || method === 'HEAD' || ofThePresent.includes(end)) continue
      const kind = end.startsWith('/:kind') ? 'nodes' : 'configmaps'
      const filled = end
        .replace(':namespace', 'default')
        .replace(':kind', kind)
        .replace(':name', 'a')
      const body = bodies[end]
      const path = `${historyPath}${filled}${queries[end] ?? ''}`
      const { code, json } = await api.ask(method, path, { user: eve, ...(body && { body }) })
      assert.deepEqual(
        [code, json.reason],
        [403, 'Forbidden'],
        `${method} ${path}: ${json.message}`,
      )
      asked.push(end)
    }
    assert.ok(asked.length >= 14, `there are only ${asked}`)
  })
}

test('the log of one object takes the right to its past alone', async (t) => {
  const api = await filledApi(t, {
    authorizer: ({ user, ...access }) =>
      user !== eve || ('resource' in access && access.resource.plural === 'configmaps')
        ? 'allowed'
        : 'no opinion',
  })
  const told = (stream: string) =>
    api.ask('GET', `${historyPath}/events?stream=${stream}`, { user: eve })
  const { lines } = await told('configmaps-default/a')
  assert.deepEqual(
    lines.map(({ type }) => type),
    ['ConfigMapCreated'],
  )
  for (const stream of ['configmaps', 'deployments.apps-default/a', 'deployments', '']) {
    assert.equal((await told(stream)).code, 403, stream)
  }
})

test('who may not read the past is told why of the pod that is there, and of none before', async (t) => {
  const api = await filledApi(t, { authorizer: mayAllButPast })
  const { spec } = deployment('x').spec.template
  const body = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p' }, spec }
  const why = (user?: User) =>
    api.ask('GET', `${historyPath}/namespaces/default/pods/p/why`, user && { user })
  await api.ask('POST', inDefault('pods'), { body })
  await api.ask('DELETE', `${inDefault('pods')}/p?gracePeriodSeconds=0`)
  await api.ports.reader.waitForHead(1000)
  assert.equal(api.ports.objects.get(pods, 'default', 'p'), undefined)
  assert.equal((await why()).code, 200)
  assert.equal((await why(eve)).code, 403)
  await api.ask('POST', inDefault('pods'), { body })
  assert.equal((await why(eve)).code, 200)
})
