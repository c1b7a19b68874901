import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { keyPairIn } from './key-pair.ts'

type Curve = { namedCurve: string }

const pem = (key: KeyObject) => key.export({ type: 'pkcs8', format: 'pem' }).toString()
const ecKey = ({ namedCurve }: Curve = { namedCurve: 'P-256' }) =>
  pem(generateKeyPairSync('ec', { namedCurve }).privateKey)
const rsaKey = (modulusLength: number) =>
  pem(generateKeyPairSync('rsa', { modulusLength }).privateKey)

/** A certificate of this key that signs itself. */
function certificateOf(key: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'pair-'))
  const path = join(folder, 'key')
  writeFileSync(path, key)
  const args = ['req', '-x509', '-key', path, '-subj', '/CN=a.test', '-days', '1']
  const certificate = execFileSync('openssl', args, { stdio: 'pipe' }).toString()
  rmSync(folder, { recursive: true })
  return certificate
}
const read = (crt: string, key: string) =>
  keyPairIn({
    'tls.crt': Buffer.from(crt).toString('base64'),
    'tls.key': Buffer.from(key).toString('base64'),
  })
const problemOf = (crt: string, key: string) => {
  const found = read(crt, key)
  return 'problem' in found ? found.problem : undefined
}

test('a pair that fits together is one, with those that sign it', () => {
  for (const key of [ecKey(), rsaKey(2048)]) {
    const chain = certificateOf(key) + certificateOf(ecKey())
    assert.deepEqual(read(chain, key), { certificates: chain, key })
  }
})

test('what is none is none for a reason', () => {
  const key = ecKey()
  const crt = certificateOf(key)
  assert.deepEqual(keyPairIn(undefined), { problem: 'tls.crt holds no certificate' })
  assert.equal(problemOf(crt, ''), 'tls.key is empty')
  assert.equal(problemOf(crt, 'x'), 'tls.key cannot be read')
  const broken = crt.replace(/.{20}\n-----END/, '\n-----END')
  assert.equal(problemOf(broken, key), 'tls.crt holds a certificate that cannot be read')
  assert.equal(
    problemOf(crt, ecKey()),
    'the key in tls.key is not that of the certificate in tls.crt',
  )
})

test('what Envoy does not take is refused before it gets it', () => {
  for (const key of [rsaKey(1024), ecKey({ namedCurve: 'secp256k1' })]) {
    assert.match(problemOf(certificateOf(key), key) ?? '', /neither RSA of 2048 bits nor/)
  }
})
