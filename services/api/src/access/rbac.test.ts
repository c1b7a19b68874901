import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { inDefault, startedApi } from '../api.fixture.ts'

let api: Awaited<ReturnType<typeof startedApi>>
before(async () => {
  api = await startedApi()
})
after(() => api.close())

const rbacPath = '/apis/rbac.authorization.k8s.io/v1'
const demo = `${rbacPath}/namespaces/demo`
const userNamed = (name: string, ...groups: string[]) => ({
  name,
  groups: [...groups, 'system:authenticated'],
})
const jane = userNamed('jane', 'devs')
const builder = userNamed('system:serviceaccount:ci:builder', 'system:serviceaccounts')

const ofRbac = (kind: string, name: string, fields: object) => ({
  apiVersion: 'rbac.authorization.k8s.io/v1',
  kind,
  metadata: { name },
  ...fields,
})

test('a user bound to a role may do what it says in its namespace, and is told no in Kubernetes’ words elsewhere', async () => {
  const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'demo' } }
  await api.ask('POST', '/api/v1/namespaces', { body: namespace })
  const rules = [{ apiGroups: [''], resources: ['pods'], verbs: ['get', 'list'] }]
  const role = ofRbac('Role', 'pod-reader', { rules })
  assert.equal((await api.ask('POST', `${demo}/roles`, { body: role })).code, 201)
  const binding = ofRbac('RoleBinding', 'readers', {
    roleRef: { kind: 'Role', name: 'pod-reader' },
    subjects: [
      { kind: 'Group', name: 'devs' },
      { kind: 'ServiceAccount', namespace: 'ci', name: 'builder' },
    ],
  })
  const bound = await api.ask('POST', `${demo}/rolebindings`, { body: binding })
  assert.equal(bound.code, 201, bound.text)

  const pods = '/api/v1/namespaces/demo/pods'
  assert.equal((await api.ask('GET', pods, { user: jane })).code, 200)
  assert.equal((await api.ask('GET', pods, { user: builder })).code, 200)
  const refused = await api.ask('DELETE', `${pods}/web`, { user: jane })
  assert.equal(refused.code, 403)
  assert.equal(
    refused.json.message,
    'pods "web" is forbidden: User "jane" cannot delete resource "pods" in API group "" in the namespace "demo"',
  )
  assert.equal((await api.ask('GET', inDefault('pods'), { user: jane })).code, 403)
  assert.equal((await api.ask('GET', '/api/v1/pods', { user: jane })).code, 403)
  assert.equal((await api.ask('GET', pods, { user: userNamed('joe') })).code, 403)
})

test('a role of the cluster bound in a namespace counts there, bound in the cluster everywhere; without it, nothing', async () => {
  const rules = [{ apiGroups: [''], resources: ['configmaps'], verbs: ['list'] }]
  const role = ofRbac('ClusterRole', 'config-reader', { rules })
  const roleRef = { kind: 'ClusterRole', name: 'config-reader' }
  const bindingOf = (kind: string, user: string) =>
    ofRbac(kind, user, { roleRef, subjects: [{ kind: 'User', name: user }] })
  await api.ask('POST', `${demo}/rolebindings`, { body: bindingOf('RoleBinding', 'ann') })
  const everywhere = { body: bindingOf('ClusterRoleBinding', 'bob') }
  await api.ask('POST', `${rbacPath}/clusterrolebindings`, everywhere)
  const codes = async (name: string) =>
    Promise.all(
      ['/api/v1/namespaces/demo/configmaps', inDefault('configmaps'), '/api/v1/configmaps'].map(
        async (path) => (await api.ask('GET', path, { user: userNamed(name) })).code,
      ),
    )
  assert.deepEqual(await codes('bob'), [403, 403, 403])
  await api.ask('POST', `${rbacPath}/clusterroles`, { body: role })
  assert.deepEqual(await codes('ann'), [200, 403, 403])
  assert.deepEqual(await codes('bob'), [200, 200, 200])
  await api.ask('DELETE', `${rbacPath}/clusterrolebindings/bob`)
  assert.deepEqual(await codes('bob'), [403, 403, 403])
})

test('what is no role and no binding is refused with the field’s path', async () => {
  const refusals = async (plural: string, body: object) => {
    const { code, json } = await api.ask('POST', `${demo}/${plural}`, { body })
    assert.equal(code, 422)
    return (json.details?.causes ?? []).map(({ field }) => field)
  }
  const rules = [{ verbs: [] }, { verbs: ['get'], nonResourceURLs: ['/'] }]
  assert.deepEqual(await refusals('roles', ofRbac('Role', 'r', { rules })), [
    'rules[0].verbs',
    'rules[0].apiGroups',
    'rules[0].resources',
    'rules[1].nonResourceURLs',
  ])
  const roleRef = { kind: 'Thing', name: 'a/b' }
  const subjects = [
    { kind: 'ServiceAccount', name: 'a' },
    { kind: 'Robot', name: 'b' },
  ]
  assert.deepEqual(
    await refusals('rolebindings', ofRbac('RoleBinding', 'b', { roleRef, subjects })),
    ['roleRef.kind', 'roleRef.name', 'subjects[0].namespace', 'subjects[1].kind'],
  )
})

test('a binding keeps its role', async () => {
  const path = `${demo}/rolebindings/readers`
  const body = { roleRef: { kind: 'ClusterRole', name: 'admin' } }
  const type = 'application/merge-patch+json'
  const { code, json } = await api.ask('PATCH', path, { body, type })
  assert.equal(code, 422)
  assert.match(json.message ?? '', /cannot change roleRef/)
})
