import assert from 'node:assert/strict'
import { test } from 'node:test'
import { kindNamed, kindsIn, pathOf, titleOf } from './kind.ts'

const resource = (name: string, scope: string, shortNames: string[], verbs = ['list', 'get']) => ({
  ...{ resource: name, scope, shortNames, verbs },
  singularResource: name.replace(/s$/, ''),
  responseKind: { kind: 'K' },
})
const kinds = kindsIn({
  items: [
    {
      versions: [
        {
          version: 'v1',
          resources: [resource('pods', 'Namespaced', ['po']), resource('nodes', 'Cluster', ['no'])],
        },
      ],
    },
    {
      metadata: { name: 'apps' },
      versions: [
        { version: 'v1', resources: [resource('deployments', 'Namespaced', ['deploy'])] },
        {
          version: 'v1beta1',
          resources: [
            resource('deployments', 'Namespaced', []),
            resource('reviews', 'Cluster', [], ['create']),
          ],
        },
      ],
    },
  ],
})

test('what can be listed, each once, in the version that its group prefers', () => {
  assert.deepEqual(
    kinds.map(({ id, root }) => [id, root]),
    [
      ['pods', 'api/v1'],
      ['nodes', 'api/v1'],
      ['deployments.apps', 'apis/apps/v1'],
    ],
  )
})

test('a kind is called as in kubectl', () => {
  for (const name of ['deploy', 'Deployment', 'deployments', 'deployments.apps']) {
    assert.equal(kindNamed(kinds, name)?.id, 'deployments.apps')
  }
  assert.equal(kindNamed(kinds, 'nothing'), undefined)
})

test('an empty name is no kind, not even one without a singular', () => {
  const unnamed = kinds.map((kind) => ({ ...kind, singular: '' }))
  assert.equal(kindNamed(unnamed, ''), undefined)
})

test('paths of objects and of lists', () => {
  const [pods, nodes] = kinds
  assert.ok(pods && nodes)
  assert.equal(pathOf(pods, 'demo', 'web'), 'api/v1/namespaces/demo/pods/web')
  assert.equal(pathOf(pods), 'api/v1/pods')
  assert.equal(pathOf(nodes, 'demo', 'a'), 'api/v1/nodes/a')
})

test('many of a kind are called as it is, in the plural', () => {
  const named = [
    ['StatefulSet', 'statefulsets', 'StatefulSets'],
    ['Ingress', 'ingresses', 'Ingresses'],
    ['NetworkPolicy', 'networkpolicies', 'NetworkPolicies'],
    ['Gateway', 'gateways', 'Gateways'],
    ['Endpoints', 'endpoints', 'Endpoints'],
  ] as const
  for (const [kind, plural, title] of named) assert.equal(titleOf({ kind, plural }), title)
})
