import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { CertificateSigningRequest } from '../../object.ts'
import { readCertificateRequest } from './certificate-request.ts'
import { certificateSigningRequests } from './certificate-signing-requests.ts'
import { inBase64, requestOfJane, signingRequest } from './requests.fixture.ts'

const findings = (spec: object) => {
  const object: CertificateSigningRequest = signingRequest(spec)
  return certificateSigningRequests.validate(object).map(({ field, message }) => [field, message])
}

test('a request says whom its certificate is for', () => {
  assert.deepEqual(readCertificateRequest(inBase64(requestOfJane)), {
    commonName: 'jane',
    organizations: ['dev', 'ops'],
  })
})

test('what is no request is refused, however it is broken', () => {
  const wrongForm = { problem: 'PEM block type must be CERTIFICATE REQUEST' }
  for (const text of [undefined, '', '!', inBase64(''), inBase64('hello')]) {
    assert.deepEqual(readCertificateRequest(text), wrongForm)
  }
  assert.deepEqual(
    readCertificateRequest(inBase64(requestOfJane.replaceAll(' REQUEST', ''))),
    wrongForm,
  )
  const [, ...lines] = requestOfJane.trim().split('\n')
  const der = Uint8Array.fromBase64(lines.slice(0, -1).join(''))
  const pem = (bytes: Uint8Array) =>
    inBase64(
      `-----BEGIN CERTIFICATE REQUEST-----\n${bytes.toBase64()}\n-----END CERTIFICATE REQUEST-----\n`,
    )
  for (let length = 0; length < der.length; length++) {
    assert.ok('problem' in readCertificateRequest(pem(der.subarray(0, length))), String(length))
  }
  for (let at = 0; at < 60; at++) {
    const broken = der.slice()
    broken[at] = 0xff
    readCertificateRequest(pem(broken))
  }
})

test('usages, signer and duration are checked in the words of Kubernetes', () => {
  assert.deepEqual(findings({}), [])
  assert.deepEqual(findings({ usages: [] }), [['spec.usages', 'Required value']])
  assert.deepEqual(findings({ usages: ['client auth', 'client auth'] }), [
    ['spec.usages[1]', 'Duplicate value: "client auth"'],
  ])
  assert.match(String(findings({ usages: ['dancing'] })), /Unsupported value: "dancing"/)
  assert.match(String(findings({ signerName: 'signer' })), /of the form 'example.com\/signer-name'/)
  assert.deepEqual(findings({ signerName: '' }), [['spec.signerName', 'Required value']])
  assert.match(String(findings({ expirationSeconds: 599 })), /less than 600 seconds/)
})

test('a row tells who asked, for how long, and what became of it', () => {
  const now = new Date('2026-01-01T00:01:00Z')
  const asked: CertificateSigningRequest = {
    ...signingRequest({ username: 'jane', expirationSeconds: 86_400 }),
    metadata: { name: 'jane', creationTimestamp: '2026-01-01T00:00:00Z' },
  }
  const cells = (status: CertificateSigningRequest['status'] = {}) =>
    certificateSigningRequests.row({ ...asked, status }, now)
  const signer = 'kubernetes.io/kube-apiserver-client'
  assert.deepEqual(cells(), ['jane', '60s', signer, 'jane', '24h', 'Pending'])
  const conditions = [{ type: 'Approved', status: 'True' }]
  assert.equal(cells({ conditions, certificate: 'eA==' }).at(-1), 'Approved,Issued')
  assert.equal(cells({ conditions: [{ type: 'Denied', status: 'True' }] }).at(-1), 'Denied')
})

test('a status does not both approve and deny, and holds certificates only', () => {
  const problems = (status: CertificateSigningRequest['status']) =>
    (
      certificateSigningRequests.validateStatus?.({ ...signingRequest(), status: status ?? {} }) ??
      []
    )
      .map(({ message }) => message)
      .join()
  const condition = (type: string, status = 'True') => ({ type, status })
  assert.equal(problems({ conditions: [condition('Approved')] }), '')
  assert.match(
    problems({ conditions: [condition('Approved'), condition('Denied')] }),
    /mutually exclusive/,
  )
  assert.match(problems({ conditions: [condition('Approved', 'False')] }), /Unsupported value/)
  assert.match(problems({ certificate: inBase64(requestOfJane) }), /only CERTIFICATE PEM blocks/)
  assert.match(problems({ certificate: 'eA==' }), /at least one CERTIFICATE PEM block/)
})
