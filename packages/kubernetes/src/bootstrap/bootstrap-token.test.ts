import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Secret } from '../object.ts'
import { bootstrapTokenIn, bootstrapTokenSecret, judgeBootstrapToken } from './bootstrap-token.ts'

const token = { id: 'abcdef', secret: '0123456789abcdef' }
const endsMs = Date.UTC(2026, 0, 2)
const beforeMs = endsMs - 1

/** As the api keeps it: text has become data. */
const kept = (fields: Record<string, string> = {}, more: Partial<Secret> = {}): Secret => {
  const { stringData, ...secret } = bootstrapTokenSecret(token, { endsMs })
  const data = Object.entries({ ...stringData, ...fields }).map(([field, text]) => [
    field,
    new TextEncoder().encode(text).toBase64(),
  ])
  return { ...secret, data: Object.fromEntries(data), ...more }
}

test('a token has upstream’s form', () => {
  assert.deepEqual(bootstrapTokenIn('abcdef.0123456789abcdef'), token)
  for (const text of ['', 'abcdef', 'abcdef.0123', 'ABCDEF.0123456789abcdef', 'a.b.c']) {
    assert.equal(bootstrapTokenIn(text), undefined, text)
  }
})

test('who shows a token that holds is a bootstrapper, in the groups that it names', () => {
  assert.deepEqual(judgeBootstrapToken(kept(), token, beforeMs), {
    name: 'system:bootstrap:abcdef',
    groups: ['system:bootstrappers'],
  })
  const extra = { 'auth-extra-groups': 'system:bootstrappers:racks' }
  const judged = judgeBootstrapToken(kept(extra), token, beforeMs)
  assert.deepEqual('groups' in judged && judged.groups, [
    'system:bootstrappers',
    'system:bootstrappers:racks',
  ])
})

test('a token that is unknown, another, over, for something else or of a foreign group is nobody’s', () => {
  const problem = (secret: Secret | undefined, nowMs = beforeMs, shown = token) => {
    const judged = judgeBootstrapToken(secret, shown, nowMs)
    return 'problem' in judged ? judged.problem : ''
  }
  assert.match(problem(undefined), /no such token/)
  assert.match(problem(kept({}, { type: 'Opaque' })), /no such token/)
  assert.match(problem(kept({ 'token-id': 'fedcba' })), /no such token/)
  assert.match(problem(kept(), beforeMs, { ...token, secret: '0123456789abcdee' }), /not the token/)
  assert.match(problem(kept({ 'token-secret': '' })), /not the token/)
  assert.match(problem(kept(), endsMs), /expired/)
  assert.match(problem(kept({ expiration: 'soon' })), /expired/)
  assert.match(problem(kept({ 'usage-bootstrap-authentication': 'false' })), /not for auth/)
  assert.match(problem(kept({ 'auth-extra-groups': 'system:masters' })), /groups/)
})
