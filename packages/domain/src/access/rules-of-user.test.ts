import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  clusterRoleBindings,
  clusterRoles,
  type KubernetesObject,
  type Resource,
  roleBindings,
  roles,
} from '@reckon/kubernetes'
import { recordedEvent } from '../recorded-event.fixture.ts'
import { streamOf } from '../stream-name.ts'
import { Objects } from '../views/objects.ts'
import { rulesOfUser, subjectsOfUser } from './rules-of-user.ts'

/** A view of these objects, each created by an event of its own. */
function viewOf(...objects: [Resource, KubernetesObject][]): Objects {
  const view = new Objects()
  objects.forEach(([resource, object], index) => {
    const stream = streamOf(resource, object.metadata.namespace, object.metadata.name)
    const position = BigInt(index + 1)
    view.apply(
      recordedEvent(`${resource.kind}Created`, { object }, { stream, revision: 0n, position }),
    )
  })
  return view
}

const inNamespace = (namespace?: string) => (namespace === undefined ? {} : { namespace })
/** A role whose rule names the verb that the role is called after. */
const role = (name: string, namespace?: string): [Resource, KubernetesObject] => [
  namespace === undefined ? clusterRoles : roles,
  {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: namespace === undefined ? 'ClusterRole' : 'Role',
    metadata: { name, ...inNamespace(namespace) },
    rules: [{ apiGroups: [''], resources: ['pods'], verbs: [name] }],
  } as KubernetesObject,
]
const ada = { kind: 'User', name: 'ada' }
const binding = (
  name: string,
  roleRef: { kind: string; name: string },
  namespace?: string,
  subject: object = ada,
): [Resource, KubernetesObject] => [
  namespace === undefined ? clusterRoleBindings : roleBindings,
  {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: namespace === undefined ? 'ClusterRoleBinding' : 'RoleBinding',
    metadata: { name, ...inNamespace(namespace) },
    roleRef,
    subjects: [subject],
  } as KubernetesObject,
]
const clusterRole = (name: string) => ({ kind: 'ClusterRole', name })
const verbsOf = (view: Objects, namespace?: string) =>
  [...rulesOfUser(view, { name: 'ada', groups: ['team'] }, namespace)].flatMap(({ verbs }) => verbs)

test('a user is meant by name and by each of their groups', () =>
  assert.deepEqual(subjectsOfUser({ name: 'ada', groups: ['a', 'b'] }), [
    'User ada',
    'Group a',
    'Group b',
  ]))

test('a service account is meant as one, too', () =>
  assert.deepEqual(subjectsOfUser({ name: 'system:serviceaccount:team:bot', groups: [] }), [
    'User system:serviceaccount:team:bot',
    'ServiceAccount team/bot',
  ]))

test('a ClusterRoleBinding gives its role everywhere, a RoleBinding in its namespace alone', () => {
  const view = viewOf(
    ...[role('get'), role('list'), role('watch', 'team')],
    binding('everywhere', clusterRole('get')),
    binding('own', { kind: 'Role', name: 'watch' }, 'team'),
    binding('shared', clusterRole('list'), 'team'),
  )
  assert.deepEqual(verbsOf(view), ['get'])
  assert.deepEqual(verbsOf(view, 'other'), ['get'])
  assert.deepEqual(verbsOf(view, 'team').sort(), ['get', 'list', 'watch'])
})

test('a group’s bindings give to its members', () => {
  const view = viewOf(
    role('get'),
    binding('group', clusterRole('get'), undefined, { kind: 'Group', name: 'team' }),
    binding('others', clusterRole('get'), undefined, { kind: 'Group', name: 'others' }),
  )
  assert.deepEqual(verbsOf(view), ['get'])
})

test('a binding gives nothing while its role is not there, or is one of another namespace', () => {
  const view = viewOf(
    role('get', 'other'),
    binding('gone', clusterRole('get')),
    binding('elsewhere', { kind: 'Role', name: 'get' }, 'team'),
  )
  assert.deepEqual(verbsOf(view, 'team'), [])
})
