import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { startedApi } from '../../api.fixture.ts'

let api: Awaited<ReturnType<typeof startedApi>>
before(async () => {
  api = await startedApi()
  const rbac = 'rbac.authorization.k8s.io'
  const of = (kind: string, name: string, fields: object) => ({
    body: { apiVersion: `${rbac}/v1`, kind, metadata: { name }, ...fields },
  })
  const path = `/apis/${rbac}/v1`
  const pods = { apiGroups: [''], resources: ['pods'], verbs: ['get', 'list'] }
  const asking = { apiGroups: ['*'], resources: reviews, verbs: ['create'] }
  const jane = { kind: 'User', name: 'jane' }
  const asRef = (kind: string, name: string) => ({ roleRef: { kind, name }, subjects: [jane] })
  await api.ask('POST', `${path}/clusterroles`, of('ClusterRole', 'asker', { rules: [asking] }))
  const asks = of('ClusterRoleBinding', 'asker', asRef('ClusterRole', 'asker'))
  await api.ask('POST', `${path}/clusterrolebindings`, asks)
  const inDefault = `${path}/namespaces/default`
  await api.ask('POST', `${inDefault}/roles`, of('Role', 'reader', { rules: [pods] }))
  const reads = of('RoleBinding', 'reader', asRef('Role', 'reader'))
  await api.ask('POST', `${inDefault}/rolebindings`, reads)
})
after(() => api.close())

const reviews = [
  ...['selfsubjectaccessreviews', 'subjectaccessreviews', 'selfsubjectreviews'],
  'selfsubjectrulesreviews',
]
const jane = { name: 'jane', groups: ['system:authenticated'] }

async function ask(kind: string, spec: object, user = jane) {
  const group = kind === 'SelfSubjectReview' ? 'authentication.k8s.io' : 'authorization.k8s.io'
  const body = { apiVersion: `${group}/v1`, kind, spec }
  return api.ask('POST', `/apis/${group}/v1/${kind.toLowerCase()}s`, { body, user })
}

const getPods = { verb: 'get', resource: 'pods', namespace: 'default' }

test('somebody learns what they may do themselves', async () => {
  const may = await ask('SelfSubjectAccessReview', { resourceAttributes: getPods })
  assert.equal(may.code, 201, may.text)
  assert.deepEqual(may.json.status, { allowed: true })
  const elsewhere = { ...getPods, namespace: 'kube-system' }
  const not = await ask('SelfSubjectAccessReview', { resourceAttributes: elsewhere })
  assert.deepEqual(not.json.status, { allowed: false })
  for (const other of [{ subresource: 'log' }, { group: 'apps' }, { name: '', verb: 'delete' }]) {
    const { json } = await ask('SelfSubjectAccessReview', {
      resourceAttributes: { ...getPods, ...other },
    })
    assert.deepEqual(json.status, { allowed: false })
  }
  const path = await ask('SelfSubjectAccessReview', {
    nonResourceAttributes: { verb: 'get', path: '/version' },
  })
  assert.deepEqual(path.json.status, { allowed: true })
})

test('who may ask learns what others may do', async () => {
  const spec = { resourceAttributes: getPods, user: 'nobody' }
  assert.deepEqual((await ask('SubjectAccessReview', spec)).json.status, { allowed: false })
  const root = { ...spec, groups: ['system:masters'] }
  assert.deepEqual((await ask('SubjectAccessReview', root)).json.status, { allowed: true })
  const stranger = { name: 'eve', groups: ['system:authenticated'] }
  assert.equal((await ask('SubjectAccessReview', spec, stranger)).code, 403)
})

test('what is no question is refused with the field’s path', async () => {
  const neither = await ask('SelfSubjectAccessReview', {})
  assert.equal(neither.code, 422)
  assert.match(neither.json.message ?? '', /spec\.resourceAttributes: Invalid value/)
  const nobody = await ask('SubjectAccessReview', { resourceAttributes: getPods })
  assert.match(nobody.json.message ?? '', /at least one of user or group must be specified/)
})

test('somebody learns all that their roles allow them in a namespace', async () => {
  const rulesIn = async (namespace: string) => {
    const { json } = await ask('SelfSubjectRulesReview', { namespace })
    return JSON.stringify(Object(json.status).resourceRules)
  }
  const pods = '{"verbs":["get","list"],"apiGroups":[""],"resources":["pods"]}'
  assert.ok((await rulesIn('default')).includes(pods))
  assert.ok(!(await rulesIn('kube-system')).includes(pods))
})

test('rules are those of a namespace, which the question names; a token is to be reviewed', async () => {
  const nowhere = await ask('SelfSubjectRulesReview', {})
  assert.deepEqual([nowhere.code, nowhere.json.message], [400, 'no namespace on request'])
  const path = '/apis/authentication.k8s.io/v1/tokenreviews'
  const nothing = await api.ask('POST', path, { body: { spec: {} } })
  const why = 'token is required for TokenReview in authentication'
  assert.deepEqual([nothing.code, nothing.json.message], [400, why])
})

test('somebody learns who they are', async () => {
  const { json } = await ask('SelfSubjectReview', {})
  assert.deepEqual(json.status, { userInfo: { username: 'jane', groups: jane.groups } })
})

test('a question can only be asked: there are no such objects', async () => {
  const path = '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews'
  assert.equal((await api.ask('GET', path)).code, 405)
  assert.equal((await api.ask('DELETE', path)).code, 405)
  const { json } = await api.ask('GET', '/apis/authorization.k8s.io/v1')
  for (const { verbs } of Object(json).resources) assert.deepEqual(verbs, ['create'])
})
