import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { PolicyRule } from '@reckon/kubernetes'
import type { Access } from './access.ts'
import { ruleAllows } from './rule-allows.ts'

const podReader: PolicyRule = { apiGroups: [''], resources: ['pods'], verbs: ['get', 'list'] }
const pods = { group: '', plural: 'pods' }

const cases: [what: string, rule: PolicyRule, access: Access, allowed: boolean][] = [
  ['its verb on its resource', podReader, { verb: 'get', resource: pods, name: 'a' }, true],
  ['another verb', podReader, { verb: 'delete', resource: pods, name: 'a' }, false],
  [
    'another resource',
    podReader,
    { verb: 'get', resource: { group: '', plural: 'secrets' } },
    false,
  ],
  ['another group', podReader, { verb: 'get', resource: { group: 'x.io', plural: 'pods' } }, false],
  [
    'a subresource that it does not name',
    podReader,
    { verb: 'get', resource: pods, subresource: 'log' },
    false,
  ],
  [
    'a subresource that it names',
    { ...podReader, resources: ['pods/log'] },
    { verb: 'get', resource: pods, subresource: 'log' },
    true,
  ],
  [
    'one subresource of everything',
    { ...podReader, resources: ['*/scale'] },
    { verb: 'get', resource: pods, subresource: 'scale' },
    true,
  ],
  [
    'everything of everything',
    { apiGroups: ['*'], resources: ['*'], verbs: ['*'] },
    { verb: 'patch', resource: pods, subresource: 'status', name: 'a' },
    true,
  ],
  [
    'an object by its name',
    { ...podReader, resourceNames: ['a'] },
    { verb: 'get', resource: pods, name: 'a' },
    true,
  ],
  [
    'another object than it names',
    { ...podReader, resourceNames: ['a'] },
    { verb: 'get', resource: pods, name: 'b' },
    false,
  ],
  [
    'a list where it names one object',
    { ...podReader, resourceNames: ['a'] },
    { verb: 'list', resource: pods },
    false,
  ],
  [
    'a path',
    { nonResourceURLs: ['/healthz'], verbs: ['get'] },
    { verb: 'get', path: '/healthz' },
    true,
  ],
  [
    'a path below',
    { nonResourceURLs: ['/api/*'], verbs: ['get'] },
    { verb: 'get', path: '/api/v1' },
    true,
  ],
  [
    'a path beside',
    { nonResourceURLs: ['/api/*'], verbs: ['get'] },
    { verb: 'get', path: '/apis' },
    false,
  ],
  [
    'a path where it is of resources',
    { ...podReader, apiGroups: ['*'] },
    { verb: 'get', path: '/' },
    false,
  ],
]
for (const [what, rule, access, allowed] of cases) {
  test(`a rule ${allowed ? 'allows' : 'does not allow'} ${what}`, () =>
    assert.equal(ruleAllows(rule, access), allowed))
}
