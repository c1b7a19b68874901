import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { X509Certificate } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import type { CertificateSigningRequest } from '@reckon/kubernetes'
import { startedCluster } from '../cluster.fixture.ts'
import { replicateTerm } from '../replicate-term.ts'
import { plan } from './plan.ts'
import { createAuthority } from './x509-authority.ts'

/** Keys and requests as openssl makes them. */
function madeFiles() {
  const folder = mkdtempSync(join(tmpdir(), 'reckon-signing-'))
  const openssl = (...args: string[]) =>
    execFileSync('openssl', args, { cwd: folder, stdio: 'pipe', encoding: 'utf8' })
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes']
  openssl('req', '-x509', ...newKey, '-keyout', 'ca.key', '-out', 'ca.crt', '-subj', '/CN=signer')
  const request = (subject: string, ...key: string[]) =>
    openssl('req', '-new', ...(key.length ? key : newKey), '-keyout', 'user.key', '-subj', subject)
  const read = (name: string) => readFileSync(join(folder, name), 'utf8')
  return { request, read, remove: () => rmSync(folder, { recursive: true }) }
}

const requestFor = (pem: string, spec: object = {}): CertificateSigningRequest => ({
  apiVersion: 'certificates.k8s.io/v1',
  kind: 'CertificateSigningRequest',
  metadata: { name: 'jane' },
  spec: {
    request: Buffer.from(pem).toString('base64'),
    signerName: 'kubernetes.io/kube-apiserver-client',
    usages: ['client auth'],
    ...spec,
  },
  status: { conditions: [{ type: 'Approved', status: 'True' }] },
})

test('what is approved is signed once, as its signer wants it, or fails', (t) => {
  const files = madeFiles()
  t.after(files.remove)
  const pem = files.request('/CN=jane/O=dev')
  const asked = requestFor(pem, { expirationSeconds: 3600 })
  assert.deepEqual(plan(asked), [
    { type: 'Sign', request: pem, usages: ['client auth'], seconds: 3600 },
  ])
  assert.deepEqual(plan({ ...asked, status: {} }), [])
  assert.deepEqual(plan({ ...asked, status: { ...asked.status, certificate: 'eA==' } }), [])
  assert.deepEqual(plan(requestFor(pem, { signerName: 'example.com/own' })), [])
  const failure = (object: CertificateSigningRequest) =>
    plan(object).map((step) => (step.type === 'Fail' ? step.message : step.type))
  assert.deepEqual(failure(requestFor(pem, { usages: ['server auth', 'client auth'] })), [
    'invalid usage for client certificate: server auth',
  ])
  assert.deepEqual(failure(requestFor(pem, { usages: ['digital signature'] })), [
    'missing required usage for client certificate: client auth',
  ])
  const kubelet = { signerName: 'kubernetes.io/kube-apiserver-client-kubelet' }
  assert.deepEqual(failure(requestFor(pem, kubelet)), ['subject organization is not system:nodes'])
  const ofNode = files.request('/O=system:nodes/CN=system:node:a')
  assert.deepEqual(failure(requestFor(ofNode, kubelet)), ['Sign'])
  const ofAdmin = files.request('/O=system:masters/CN=eve')
  assert.deepEqual(failure(requestFor(ofAdmin)), ['system:masters group is not allowed'])
})

test('a certificate is of the asked key and subject, for clients only, and ends in time', async (t) => {
  const files = madeFiles()
  t.after(files.remove)
  const authority = await createAuthority(files.read('ca.crt'), files.read('ca.key'))
  const notBeforeMs = Date.UTC(2026, 0, 1)
  const notAfterMs = Date.UTC(2026, 0, 2)
  for (const key of [[], ['-newkey', 'rsa:2048', '-nodes']]) {
    const request = files.request('/CN=jane/O=dev', ...key)
    const asked = { request, usages: ['client auth', 'digital signature'], notBeforeMs, notAfterMs }
    const signed = await authority.sign(asked)
    const certificate = new X509Certificate(signed ?? '')
    assert.deepEqual(certificate.subject.split('\n').sort(), ['CN=jane', 'O=dev'])
    assert.ok(certificate.verify(new X509Certificate(files.read('ca.crt')).publicKey))
    assert.deepEqual(certificate.keyUsage, ['1.3.6.1.5.5.7.3.2'])
    assert.equal(certificate.ca, false)
    assert.equal(Date.parse(certificate.validTo), notAfterMs)
    const forged = `${request.slice(0, -80)}${request.slice(-80).replace(/[a-y]/, 'z')}`
    assert.equal(await authority.sign({ ...asked, request: forged }), undefined)
  }
})

test('a request that is broken, or of a key that nobody here reads, is not signed', async (t) => {
  const files = madeFiles()
  t.after(files.remove)
  const authority = await createAuthority(files.read('ca.crt'), files.read('ca.key'))
  const times = { notBeforeMs: Date.UTC(2026, 0, 1), notAfterMs: Date.UTC(2026, 0, 2) }
  const whole = files.request('/CN=jane')
  const cut = whole.replace(/(CERTIFICATE REQUEST-----\n.{40})[^-]*/, '$1\n')
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:secp256k1', '-nodes']
  for (const request of [cut, files.request('/CN=jane', ...curve)]) {
    assert.equal(await authority.sign({ ...times, request, usages: ['client auth'] }), undefined)
  }
})

test('the controller signs what is approved and nothing else', async (t) => {
  const files = madeFiles()
  t.after(files.remove)
  const cluster = await startedCluster(t)
  const clientSigner = await createAuthority(files.read('ca.crt'), files.read('ca.key'))
  cluster.start((signal) => replicateTerm({ ...cluster.ports, clientSigner }, signal))
  const { status: _, ...asked } = requestFor(files.request('/CN=jane'))
  await cluster.create(asked)
  await cluster.changeBelow('approval', 'CertificateSigningRequest', 'jane', (object) => ({
    ...object,
    status: { conditions: [{ type: 'Approved', status: 'True' }] },
  }))
  const status = () =>
    cluster.list<CertificateSigningRequest>('CertificateSigningRequest')[0]?.object.status
  await cluster.until('it is issued', () => status()?.certificate !== undefined)
  const pem = Buffer.from(status()?.certificate ?? '', 'base64').toString()
  assert.equal(new X509Certificate(pem).subject, 'CN=jane')
  assert.equal(status()?.conditions?.[0]?.type, 'Approved')
})
