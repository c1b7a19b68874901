import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Secret, ServiceAccount } from '@reckon/kubernetes'
import { filled, plan, tokenSecretType } from './plan.ts'

const account: ServiceAccount = {
  apiVersion: 'v1',
  kind: 'ServiceAccount',
  metadata: { name: 'builder', namespace: 'team', uid: 'a-1' },
}
const secret: Secret = {
  apiVersion: 'v1',
  kind: 'Secret',
  type: tokenSecretType,
  metadata: {
    name: 'token',
    namespace: 'team',
    annotations: { 'kubernetes.io/service-account.name': 'builder' },
  },
}

test('a Secret of a token is filled once', () => {
  assert.deepEqual(plan(secret, account, 'PEM'), [
    { type: 'FillSecret', account, needsToken: true },
  ])
  const whole = filled(secret, { account, rootCa: 'PEM', token: 'signed' })
  assert.equal(atob(whole.data?.token ?? ''), 'signed')
  assert.equal(atob(whole.data?.namespace ?? ''), 'team')
  assert.deepEqual(plan(whole, account, 'PEM'), [])
})

test('of one that is filled the token stays, whatever else of it is put right', () => {
  const whole = filled(secret, { account, rootCa: 'old', token: 'signed' })
  assert.deepEqual(plan(whole, account, 'PEM'), [
    { type: 'FillSecret', account, needsToken: false },
  ])
  const again = filled(whole, { account, rootCa: 'PEM', token: 'other' })
  assert.equal(atob(again.data?.token ?? ''), 'signed')
})

test('it goes with its account, also when another one has that name by now', () => {
  const whole = filled(secret, { account, rootCa: 'PEM', token: 'signed' })
  assert.deepEqual(plan(whole, undefined, 'PEM'), [{ type: 'DeleteSecret' }])
  const later = { ...account, metadata: { ...account.metadata, uid: 'a-2' } }
  assert.deepEqual(plan(whole, later, 'PEM'), [{ type: 'DeleteSecret' }])
})

test('other Secrets are left alone', () =>
  assert.deepEqual(plan({ ...secret, type: 'Opaque' }, undefined, 'PEM'), []))
