import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  type ClusterRole,
  clusterRoleBindings,
  clusterRoles,
  configMaps,
  type KubernetesObject,
  type PolicyRule,
  roleBindings,
  roles,
} from '@reckon/kubernetes'
import type { Write } from './admission.ts'
import { having } from './others.fixture.ts'
import { privilegeEscalation } from './privilege-escalation.ts'

const jane = { user: 'jane', groups: ['system:authenticated'] }
const reading: PolicyRule = { apiGroups: [''], resources: ['pods'], verbs: ['get'] }
const writing: PolicyRule = { apiGroups: [''], resources: ['pods'], verbs: ['update'] }
const rbac = 'rbac.authorization.k8s.io'
const may = (verb: string, resource: string): PolicyRule => ({
  ...{ apiGroups: [rbac], resources: [resource], verbs: [verb] },
})
const role = (rules: PolicyRule[] = [writing], more: object = {}): KubernetesObject => ({
  apiVersion: `${rbac}/v1`,
  kind: 'Role',
  metadata: { name: 'writer', namespace: 'blue' },
  ...{ rules, ...more },
})
const clusterRole = (rules: PolicyRule[], more: object = {}): KubernetesObject => ({
  ...role(rules, more),
  kind: 'ClusterRole',
  metadata: { name: 'writer' },
})
const binding = (kind: string, subjects: readonly object[] = [{ kind: 'User', name: 'bob' }]) => ({
  apiVersion: `${rbac}/v1`,
  kind: 'RoleBinding',
  metadata: { name: 'bound', namespace: 'blue' },
  roleRef: { apiGroup: rbac, kind, name: 'writer' },
  subjects,
})

type Known = { held?: readonly PolicyRule[]; there?: readonly KubernetesObject[] }

/** Whether the write is let through. */
function isTaken(
  write: { resource: unknown; object: KubernetesObject } & Partial<Omit<Write, 'resource'>>,
  { held = [], there = [] }: Known = {},
): boolean {
  try {
    privilegeEscalation.admit({ actor: jane, ...write } as Write, having(there, held))
    return true
  } catch (error) {
    assert.equal((error as { reason?: string }).reason, 'Forbidden')
    return false
  }
}

test('who has the rights of a role may write it; who lacks one may not', () => {
  const write = { resource: roles, object: role([reading, writing]) }
  assert.equal(isTaken(write, { held: [reading, writing] }), true)
  assert.equal(isTaken(write, { held: [reading] }), false)
})

test('what is missing is named in upstream’s words', () => {
  const names: PolicyRule = { ...reading, resourceNames: ['web'] }
  const path: PolicyRule = { nonResourceURLs: ['/metrics'], verbs: ['get'] }
  const write = {
    resource: clusterRoles,
    object: clusterRole([names, path]),
    actor: jane,
  } as unknown as Write
  assert.throws(() => privilegeEscalation.admit(write, having()), {
    message:
      /user "jane" \(groups=\["system:authenticated"\]\) is attempting to grant RBAC permissions not currently held:\n\{APIGroups:\[""\], Resources:\["pods"\], ResourceNames:\["web"\], Verbs:\["get"\]\}\n\{NonResourceURLs:\["\/metrics"\], Verbs:\["get"\]\}$/,
  })
})

test('administrators, and the cluster’s own services, which are in no group, may', () => {
  const write = { resource: roles, object: role() }
  assert.equal(isTaken({ ...write, actor: { user: 'ada', groups: ['system:masters'] } }), true)
  assert.equal(isTaken({ ...write, actor: { user: 'system:controller:x' } }), true)
})

test('who may escalate the role may write it all the same', () => {
  assert.equal(
    isTaken({ resource: roles, object: role() }, { held: [may('escalate', 'roles')] }),
    true,
  )
  assert.equal(
    isTaken({ resource: roles, object: role() }, { held: [may('bind', 'roles')] }),
    false,
  )
})

test('only what a change gives anew is looked at', () => {
  const before = role()
  const labelled = { ...before, metadata: { ...before.metadata, labels: { a: 'b' } } }
  assert.equal(isTaken({ resource: roles, object: labelled, before }), true)
  assert.equal(isTaken({ resource: roles, object: role([reading]), before }), false)
  assert.equal(isTaken({ resource: roles, object: role([]) }), true, 'no rules give nothing')
})

test('who gathers the rules of other roles gives whatever these will hold', () => {
  const aggregationRule = { clusterRoleSelectors: [{ matchLabels: { a: 'b' } }] }
  const gathering = { resource: clusterRoles, object: clusterRole([], { aggregationRule }) }
  assert.equal(isTaken(gathering, { held: [reading] }), false)
  const everything: PolicyRule[] = [
    { apiGroups: ['*'], resources: ['*'], verbs: ['*'] },
    { nonResourceURLs: ['*'], verbs: ['*'] },
  ]
  assert.equal(isTaken(gathering, { held: everything }), true)
  const before: ClusterRole = { ...clusterRole([]), rules: [] }
  assert.equal(isTaken({ ...gathering, before }, { held: [reading] }), false)
})

test('a binding gives the rights of its role, of the namespace or of the cluster', () => {
  const inNamespace = { resource: roleBindings, object: binding('Role') }
  assert.equal(isTaken(inNamespace, { there: [role()], held: [writing] }), true)
  assert.equal(isTaken(inNamespace, { there: [role()], held: [reading] }), false)
  const ofCluster = { resource: roleBindings, object: binding('ClusterRole') }
  assert.equal(isTaken(ofCluster, { there: [clusterRole([writing])], held: [writing] }), true)
  assert.equal(isTaken(ofCluster, { there: [clusterRole([writing])] }), false)
  const { namespace: _, ...metadata } = binding('ClusterRole').metadata
  const object = { ...binding('ClusterRole'), kind: 'ClusterRoleBinding', metadata }
  const wide = { resource: clusterRoleBindings, object }
  assert.equal(isTaken(wide, { there: [clusterRole([writing])], held: [writing] }), true)
  assert.equal(isTaken(wide, { there: [clusterRole([writing])] }), false)
})

test('a role that is not there yet may become anything', () => {
  const write = { resource: roleBindings, object: binding('Role') }
  assert.equal(isTaken(write, { held: [writing] }), false)
  assert.equal(isTaken(write, { held: [may('bind', 'roles')] }), true)
})

test('whom a binding named before keeps what it gave', () => {
  const before = binding('Role')
  const object = { ...before, metadata: { ...before.metadata, labels: { a: 'b' } } }
  assert.equal(isTaken({ resource: roleBindings, object, before }, { there: [role()] }), true)
  const more = binding('Role', [{ kind: 'User', name: 'eve' }])
  assert.equal(
    isTaken({ resource: roleBindings, object: more, before }, { there: [role()] }),
    false,
  )
})

test('other kinds give no rights', () => {
  const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'x', namespace: 'blue' } }
  assert.equal(isTaken({ resource: configMaps, object }), true)
})
