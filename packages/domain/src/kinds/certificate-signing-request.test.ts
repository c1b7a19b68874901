import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { CertificateSigningRequest } from '@reckon/kubernetes'
import { signingRequest } from '@reckon/kubernetes/fixture'
import { certificateSigningRequestRules } from './certificate-signing-request.ts'

type Status = NonNullable<CertificateSigningRequest['status']>
const of = (...types: string[]) => ({
  conditions: types.map((type) => ({ type, status: 'True' })),
})
const request = (status: Status): CertificateSigningRequest => ({ ...signingRequest(), status })
const written = (before: Status, after: Status, subresource: 'approval' | 'status' = 'status') =>
  certificateSigningRequestRules.prepareStatus?.(request(after), request(before), subresource)

test('it begins with nothing said of it', () => {
  const made = certificateSigningRequestRules.prepareCreate?.(request(of('Approved')), {} as never)
  assert.deepEqual(made?.status, {})
})

test('below approval only conditions are written, and all else stays', () => {
  const before = { certificate: 'eA==' }
  const after = written(before, { ...of('Approved'), certificate: 'eQ==' }, 'approval')
  assert.deepEqual(after, { certificate: 'eA==', ...of('Approved') })
  assert.deepEqual(written({}, {}, 'approval'), {})
})

test('below status nobody approves or denies', () => {
  assert.deepEqual(written({}, of('Approved', 'Denied', 'Failed')), of('Failed'))
  assert.deepEqual(written(of('Approved'), of('Failed')), of('Approved', 'Failed'))
  assert.deepEqual(written(of('Denied'), { certificate: 'eA==' }), {
    certificate: 'eA==',
    ...of('Denied'),
  })
})

test('what was said once stays', () => {
  for (const type of ['Approved', 'Denied']) {
    assert.throws(() => written(of(type), {}, 'approval'), {
      reason: 'Invalid',
      message: new RegExp(`updates may not remove a condition of type "${type}"`),
    })
  }
  assert.throws(() => written(of('Failed'), {}), /may not remove a condition of type "Failed"/)
})

test('a certificate is issued once', () => {
  const issued = { certificate: 'eA==' }
  assert.deepEqual(written({}, issued), issued)
  assert.deepEqual(written(issued, issued), issued)
  for (const after of [{}, { certificate: 'eQ==' }]) {
    assert.throws(() => written(issued, after), /may not set certificate content if one exists/)
  }
})

test('what becomes of it has a name each', () => {
  const named = (before: Status, after: Status) =>
    certificateSigningRequestRules.changes
      ?.filter(({ is }) => is?.(request(before), request(after)))
      .map(({ type }) => type.replace('CertificateSigningRequest', ''))
  assert.deepEqual(named({}, of('Approved')), ['Approved'])
  assert.deepEqual(named(of('Approved'), of('Approved')), [])
  assert.deepEqual(named(of('Approved'), {}), [])
  assert.deepEqual(named({}, of('Denied')), ['Denied'])
  assert.deepEqual(named({}, of('Failed')), ['Failed'])
  assert.deepEqual(named({}, { certificate: 'eA==' }), ['Issued'])
  assert.deepEqual(named({ certificate: 'eA==' }, { certificate: 'eA==' }), [])
})
