import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { KubernetesObject } from '@reckon/kubernetes'
import { having } from '../admission/others.fixture.ts'
import { type Bound, claimsFor, claimsIn, issuerOf, judgeClaims } from './account-token.ts'

const issuer = issuerOf('cluster.local')
const objectOf = (kind: string, name: string, uid: string): KubernetesObject => ({
  apiVersion: 'v1',
  kind,
  metadata: { name, namespace: 'team', uid },
})
const account = objectOf('ServiceAccount', 'builder', 'a-1')
const pod = objectOf('Pod', 'web', 'p-1')

/** What is said of a token of `builder` by who has these objects, so many seconds after it was made. */
function judged(
  present: readonly KubernetesObject[],
  {
    after = 0,
    bound = {},
    audiences = [issuer],
  }: { after?: number; bound?: Bound; audiences?: string[] } = {},
) {
  const claims = claimsFor({
    ...{ account, bound, issuer, audiences, id: 'id' },
    ...{ nowSeconds: 1000, lastsSeconds: 600 },
  })
  const read = claimsIn(JSON.parse(JSON.stringify(claims)))
  assert.deepEqual(read, claims)
  const judging = { others: having(present), nowSeconds: 1000 + after, issuer, audiences: [issuer] }
  return judgeClaims(claims, judging)
}
const problemOf = (result: ReturnType<typeof judged>) => 'problem' in result && result.problem

test('a token is its account’s, with the groups of all accounts', () => {
  const result = judged([account])
  assert.ok('user' in result)
  assert.equal(result.user.name, 'system:serviceaccount:team:builder')
  assert.deepEqual(result.user.groups, ['system:serviceaccounts', 'system:serviceaccounts:team'])
})

test('it holds for its time, for its audience, and while its account is there', () => {
  assert.equal(problemOf(judged([account], { after: 599 })), false)
  assert.equal(problemOf(judged([account], { after: 600 })), 'token has expired')
  assert.match(String(problemOf(judged([account], { audiences: ['vault'] }))), /audiences/)
  assert.match(String(problemOf(judged([]))), /serviceaccount builder has been invalidated/)
  const again = objectOf('ServiceAccount', 'builder', 'a-2')
  assert.match(String(problemOf(judged([again]))), /invalidated/)
})

test('one that is bound to a pod holds while that pod is there, and tells it', () => {
  const bound = { pod: { name: 'web', uid: 'p-1' }, node: { name: 'node-1', uid: 'n-1' } }
  const result = judged([account, pod], { bound })
  assert.ok('user' in result)
  assert.deepEqual(result.user.extra['authentication.kubernetes.io/pod-name'], ['web'])
  assert.deepEqual(result.user.extra['authentication.kubernetes.io/node-name'], ['node-1'])
  assert.match(String(problemOf(judged([account], { bound }))), /pod web has been invalidated/)
})

test('a token without an end holds for ever; another cluster’s, or one of tomorrow, does not', () => {
  const claims = claimsFor({
    ...{ account, bound: {}, issuer, audiences: [issuer], id: 'id', nowSeconds: 1000 },
  })
  assert.ok(!('exp' in claims))
  assert.deepEqual(claimsIn(claims), claims)
  const judging = { others: having([account]), nowSeconds: 1e9, issuer, audiences: [issuer] }
  assert.equal(problemOf(judgeClaims(claims, judging)), false)
  assert.match(
    String(problemOf(judgeClaims(claims, { ...judging, issuer: 'other' }))),
    /^issuer .* is not this cluster$/,
  )
  // Clocks of two apis may differ by a minute.
  const made = (secondsFromNow: number) =>
    problemOf(
      judgeClaims({ ...claims, nbf: 1000 + secondsFromNow }, { ...judging, nowSeconds: 1000 }),
    )
  assert.deepEqual([made(60), made(61)], [false, 'token is not valid yet'])
})

test('a token with a part missing, or of another form, is none', () => {
  const whole = claimsFor({
    ...{ account, issuer, audiences: [issuer], id: 'id', nowSeconds: 1000, lastsSeconds: 600 },
    bound: { secret: { name: 's', uid: 's-1' } },
  })
  assert.deepEqual(claimsIn(whole), whole)
  for (const part of ['iss', 'sub', 'aud', 'iat', 'nbf', 'jti', 'kubernetes.io']) {
    assert.equal(claimsIn({ ...whole, [part]: undefined }), undefined, part)
  }
  assert.equal(claimsIn({ ...whole, exp: 'never' }), undefined)
  const says = whole['kubernetes.io']
  const saying = (part: object) => claimsIn({ ...whole, 'kubernetes.io': { ...says, ...part } })
  for (const part of [
    { namespace: 1 },
    { serviceaccount: undefined },
    { serviceaccount: { name: 'builder' } },
    { serviceaccount: { uid: 'a-1' } },
  ]) {
    assert.equal(saying(part), undefined, JSON.stringify(part))
  }
})

test('what says something else is no such token', () => {
  for (const value of [undefined, 'x', [], {}, { iss: issuer, sub: 's', aud: [] }]) {
    assert.equal(claimsIn(value), undefined)
  }
})
