import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { CustomResourceDefinition } from '@reckon/kubernetes'
import {
  cleanupFinalizer,
  customResourceDefinitionRules,
  isEstablished,
} from './custom-resource-definition.ts'
import { contextWith } from './prepare-context.fixture.ts'

const context = contextWith()
type Names = CustomResourceDefinition['spec']['names']
const definition = (names: Partial<Names> = {}, more: object = {}): CustomResourceDefinition => ({
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'x', creationTimestamp: '2026-01-01T00:00:00Z' },
  spec: {
    group: 'apps',
    names: { plural: 'pages', singular: 'page', kind: 'Page', listKind: 'PageList', ...names },
    scope: 'Namespaced',
    versions: [
      { name: 'v1', served: true, storage: false },
      { name: 'v2', served: true, storage: true },
    ],
    ...more,
  },
})
const created = (given: CustomResourceDefinition) =>
  customResourceDefinitionRules.prepareCreate?.(given, context) as CustomResourceDefinition
const updated = (after: CustomResourceDefinition, before: CustomResourceDefinition) =>
  customResourceDefinitionRules.prepareUpdate?.(after, before, context) as CustomResourceDefinition
const told = (
  before: CustomResourceDefinition,
  status?: Partial<NonNullable<CustomResourceDefinition['status']>>,
) => {
  const wanted = { ...before, status } as CustomResourceDefinition
  return customResourceDefinitionRules.prepareStatus?.(wanted, before, 'status')
}
const conditionsOf = ({ status }: CustomResourceDefinition) =>
  status?.conditions?.map(({ type, status, reason }) => `${type} ${status} ${reason}`)

test('names that nobody has are accepted, and the definition is established at once', () => {
  const made = created(definition())
  assert.deepEqual(conditionsOf(made), [
    'NamesAccepted True NoConflicts',
    'Established True InitialNamesAccepted',
  ])
  assert.deepEqual(made.status?.acceptedNames, made.spec.names)
  assert.deepEqual(made.status?.storedVersions, ['v2'])
  assert.equal(made.status?.conditions?.[0]?.lastTransitionTime, '2026-01-01T00:00:00Z')
  assert.deepEqual([isEstablished(made), isEstablished(definition())], [true, false])
})

test('its finalizer stands once, beside others', () => {
  const own = definition()
  assert.deepEqual(created(own).metadata.finalizers, [cleanupFinalizer])
  const finalizers = ['other', cleanupFinalizer]
  const given = { ...own, metadata: { ...own.metadata, finalizers } }
  assert.deepEqual(created(given).metadata.finalizers, finalizers)
})

test('each name that another kind of the group has keeps it from being established, and is told', () => {
  const taken: readonly (readonly [Partial<Names>, reason: string, name: string])[] = [
    [{ plural: 'deployment' }, 'PluralConflict', 'deployment'],
    [{ singular: 'deploy' }, 'SingularConflict', 'deploy'],
    [{ shortNames: ['pg', 'sts'] }, 'ShortNamesConflict', 'sts'],
    [{ kind: 'Deployment' }, 'KindConflict', 'Deployment'],
    [{ listKind: 'DeploymentList' }, 'ListKindConflict', 'DeploymentList'],
  ]
  for (const [names, reason, name] of taken) {
    const made = created(definition(names))
    assert.deepEqual(conditionsOf(made), [
      `NamesAccepted False ${reason}`,
      'Established False NotAccepted',
    ])
    assert.equal(made.status?.conditions?.[0]?.message, `"${name}" is already in use`)
    assert.deepEqual(made.status?.acceptedNames, { plural: '', kind: '' })
    assert.equal(isEstablished(made), false)
  }
})

test('a kind of another group takes no name away, nor does the definition from itself', () => {
  assert.equal(
    isEstablished(created(definition({ kind: 'Deployment' }, { group: 'other.test' }))),
    true,
  )
  assert.equal(
    isEstablished(
      created(
        definition({
          plural: 'deployments',
          singular: 'deployment',
          kind: 'Deployment',
          listKind: 'DeploymentList',
        }),
      ),
    ),
    true,
  )
})

test('one that was established stays so, with the names that were accepted, and remembers what it stored', () => {
  const before = created(definition())
  const after = definition(
    { kind: 'Deployment' },
    { versions: [{ name: 'v3', served: true, storage: true }] },
  )
  const made = updated(after, before)
  assert.deepEqual(conditionsOf(made), [
    'NamesAccepted False KindConflict',
    'Established True InitialNamesAccepted',
  ])
  assert.deepEqual(made.status?.acceptedNames, before.spec.names)
  assert.deepEqual(made.status?.storedVersions, ['v2', 'v3'])
  const { status: _, ...never } = before
  assert.equal(isEstablished(updated(after, never)), false)
})

test('one whose names are taken when it comes is not established by a change of something else', () => {
  const before = created(definition({ kind: 'Deployment' }))
  assert.equal(isEstablished(updated(before, before)), false)
})

test('what was decided of its names stands whatever a client writes into its status', () => {
  const before = created(definition())
  assert.deepEqual(told(before), before.status)
  assert.deepEqual(told(before, {}), before.status)
  const since = { lastTransitionTime: '2026-01-01T00:00:00Z' }
  const approved = { type: 'Approved', status: 'True', ...since }
  const lost = { type: 'Established', status: 'False', ...since }
  const acceptedNames = { plural: 'others', kind: 'Other' }
  const status = told(before, { conditions: [lost, approved], acceptedNames, storedVersions: [] })
  const conditions = [...(before.status?.conditions ?? []), approved]
  assert.deepEqual(status, { ...before.status, conditions })
})

test('which versions are stored is for a client to say, once it has written all objects anew', () => {
  const before = created(definition())
  const two = { ...before, status: { ...before.status, storedVersions: ['v1', 'v2'] } }
  assert.deepEqual(told(two, { storedVersions: ['v2'] })?.storedVersions, ['v2'])
  assert.deepEqual(told(definition(), { storedVersions: ['v2'] }), { storedVersions: ['v2'] })
})
