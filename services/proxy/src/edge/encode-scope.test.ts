import assert from 'node:assert/strict'
import { test } from 'node:test'
import { encodeScope } from './encode-scope.ts'
import { anyOf, decodeMessage } from './envoy-messages.ts'
import { edgeOf, ingress, service } from './objects.fixture.ts'

test('a scope with hosts that were encoded before says the same as one that is encoded whole', () => {
  const sites = ['a.test', '*.test', 'b.test'].map((host, index) =>
    ingress(`site-${index}`, host, { '/': { service: 'web' }, '/x': { service: 'web' } }),
  )
  const { scopes } = edgeOf(sites, [service('web')], [])
  assert.equal(scopes.size, 256)
  for (const scope of scopes.values()) {
    const [one, other] = [encodeScope(scope), anyOf(scope)]
    assert.equal(one.type_url, other.type_url)
    const said = [one, other].map(({ value }) =>
      decodeMessage('envoy.config.route.v3.ScopedRouteConfiguration', value),
    )
    assert.deepEqual(said[0], said[1])
  }
})
