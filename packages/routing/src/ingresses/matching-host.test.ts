import assert from 'node:assert/strict'
import { test } from 'node:test'
import { matchingHost } from './matching-host.ts'

test('a name is itself, else what its first label is a wildcard of, else any', () => {
  const of = (name: string, ...hosts: string[]) =>
    matchingHost((host) => hosts.includes(host), name)
  assert.equal(of('X.foo.test', 'x.foo.test', '*.foo.test', '*'), 'x.foo.test')
  assert.equal(of('x.foo.test', '*.foo.test', '*'), '*.foo.test')
  assert.equal(of('x.y.foo.test', '*.foo.test'), undefined)
  assert.equal(of('foo.test', '*.foo.test', '*'), '*')
  assert.equal(of('.foo.test', '*.foo.test', '*'), '*')
  assert.equal(of('default', '*'), '*')
})
