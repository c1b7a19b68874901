import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { startedApi } from '../api.fixture.ts'

let api: Awaited<ReturnType<typeof startedApi>>
const group = 'rbac.authorization.k8s.io'
const inDefault = `/apis/${group}/v1/namespaces/default`
const jane = { name: 'jane', groups: ['devs', 'system:authenticated'] }

const of = (kind: string, name: string, fields: object) => ({
  apiVersion: `${group}/v1`,
  kind,
  metadata: { name },
  ...fields,
})
const rule = (resource: string, ...verbs: string[]) => ({
  apiGroups: [resource.includes('role') ? group : ''],
  resources: [resource],
  verbs,
})
const roleOf = (name: string, ...rules: object[]) => of('Role', name, { rules })
const bindingOf = (name: string, role: string, kind = 'Role') =>
  of('RoleBinding', name, {
    roleRef: { kind, name: role },
    subjects: [{ kind: 'User', name: 'jane' }],
  })
const post = (plural: string, body: object, user?: typeof jane) =>
  api.ask('POST', `${inDefault}/${plural}`, { body, ...(user && { user }) })

/** Jane may make roles and bindings in the namespace, and read its pods. */
before(async () => {
  api = await startedApi()
  const keeper = roleOf(
    'keeper',
    rule('roles', 'create', 'update', 'patch', 'get'),
    rule('rolebindings', 'create', 'get'),
    rule('pods', 'get', 'list'),
  )
  await post('roles', keeper)
  await post('rolebindings', bindingOf('keeper', 'keeper'))
  await post('roles', roleOf('secrets', rule('secrets', 'get')))
})
after(() => api.close())

test('nobody makes a role that may more than they may themselves', async () => {
  assert.equal((await post('roles', roleOf('pods', rule('pods', 'get')), jane)).code, 201)
  const more = await post('roles', roleOf('more', rule('secrets', 'get')), jane)
  assert.equal(more.code, 403)
  assert.equal(
    more.json.message,
    `roles.${group} "more" is forbidden: user "jane" (groups=["devs","system:authenticated"]) is attempting to grant RBAC permissions not currently held:\n{APIGroups:[""], Resources:["secrets"], Verbs:["get"]}`,
  )
})

test('nobody changes a role so that it may more than they, but anything else of it', async () => {
  const patch = (body: object) =>
    api.ask('PATCH', `${inDefault}/roles/pods`, {
      body,
      type: 'application/merge-patch+json',
      user: jane,
    })
  assert.equal((await patch({ rules: [rule('pods', '*')] })).code, 403)
  assert.equal((await patch({ metadata: { labels: { team: 'a' } } })).code, 200)
})

test('nobody binds a role that may more than they, or that is not there yet', async () => {
  assert.equal((await post('rolebindings', bindingOf('pods', 'pods'), jane)).code, 201)
  assert.equal((await post('rolebindings', bindingOf('secrets', 'secrets'), jane)).code, 403)
  const root = bindingOf('root', 'cluster-admin', 'ClusterRole')
  assert.equal((await post('rolebindings', root, jane)).code, 403)
})

test('who may escalate or bind a role gives more than they have', async () => {
  const more = roleOf('giver', rule('roles', 'escalate'), { ...rule('roles', 'bind') })
  await post('roles', more)
  await post('rolebindings', bindingOf('giver', 'giver'))
  assert.equal((await post('roles', roleOf('more', rule('secrets', 'get')), jane)).code, 201)
  assert.equal((await post('rolebindings', bindingOf('more', 'more'), jane)).code, 201)
})
