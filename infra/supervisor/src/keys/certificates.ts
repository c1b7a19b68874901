import 'reflect-metadata'
import { webcrypto, X509Certificate } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { hostname, networkInterfaces } from 'node:os'
import { dirname } from 'node:path'
import * as x509 from '@peculiar/x509'
import type { ClusterSettings } from '@reckon/domain'
import { firstAddress } from '@reckon/kubernetes'
import type { Layout } from '../layout.ts'

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }
const yearMs = 365 * 24 * 3600 * 1000
const renewBeforeMs = 30 * 24 * 3600 * 1000

type Pair = { certificate: x509.X509Certificate; keys: CryptoKeyPair }
type CryptoKeyPair = webcrypto.CryptoKeyPair

/**
 * Creates the cluster's CA and what it signs, where missing or about to expire: the servers' certificates and the
 * administrator's (`CN` is the user, `O` the group). Keys are readable by their owner only.
 */
export async function ensureCertificates(
  layout: Layout,
  settings: ClusterSettings,
  advertise?: string,
): Promise<void> {
  x509.cryptoProvider.set(webcrypto as Crypto)
  const authority = await ensure(layout, 'ca', (keys) =>
    x509.X509CertificateGenerator.createSelfSigned({
      ...validFor(10 * yearMs),
      name: 'CN=reckon',
      keys,
      signingAlgorithm: algorithm,
      extensions: [
        new x509.BasicConstraintsExtension(true, 1, true),
        new x509.KeyUsagesExtension(
          x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign,
          true,
        ),
      ],
    }),
  )
  await ensure(layout, 'client-signer', signClientSigner(authority))
  const names = serverNames(settings, advertise)
  const isFor = (address: string | undefined) => (certificate: X509Certificate) =>
    address === undefined || certificate.checkIP(address) !== undefined
  await ensure(layout, 'api', sign(authority, 'CN=reckon-api', names), isFor(advertise))
  if (advertise !== undefined) {
    await ensure(layout, 'nats', sign(authority, 'CN=reckon-nats', names), isFor(advertise))
  }
  await ensure(layout, 'event-store', sign(authority, 'CN=reckon-event-store', names))
  await ensure(layout, 'admin', sign(authority, 'CN=admin,O=system:masters', []))
}

/** An intermediate CA that can only sign client certificates, so that the root's key never leaves the supervisor. */
const signClientSigner =
  (authority: Pair) =>
  (keys: CryptoKeyPair): Promise<x509.X509Certificate> =>
    x509.X509CertificateGenerator.create({
      ...validFor(5 * yearMs),
      subject: 'CN=reckon-client-signer',
      issuer: authority.certificate.subject,
      publicKey: keys.publicKey,
      signingKey: authority.keys.privateKey,
      signingAlgorithm: algorithm,
      extensions: [
        new x509.BasicConstraintsExtension(true, 0, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign, true),
        new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.clientAuth]),
      ],
    })

const sign =
  (authority: Pair, subject: string, names: x509.JsonGeneralName[]) =>
  (keys: CryptoKeyPair): Promise<x509.X509Certificate> =>
    x509.X509CertificateGenerator.create({
      ...validFor(yearMs),
      subject,
      issuer: authority.certificate.subject,
      publicKey: keys.publicKey,
      signingKey: authority.keys.privateKey,
      signingAlgorithm: algorithm,
      extensions: [
        new x509.BasicConstraintsExtension(false, undefined, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
        new x509.ExtendedKeyUsageExtension([
          names.length > 0 ? x509.ExtendedKeyUsage.serverAuth : x509.ExtendedKeyUsage.clientAuth,
        ]),
        ...(names.length > 0 ? [new x509.SubjectAlternativeNameExtension(names)] : []),
      ],
    })

async function ensure(
  layout: Layout,
  name: string,
  make: (keys: CryptoKeyPair) => Promise<x509.X509Certificate>,
  suits: (certificate: X509Certificate) => boolean = () => true,
): Promise<Pair> {
  const earlier = await load(layout, name, suits)
  if (earlier) return earlier
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
  const certificate = await make(keys)
  const key = await webcrypto.subtle.exportKey('pkcs8', keys.privateKey)
  await mkdir(dirname(layout.key(name)), { recursive: true, mode: 0o700 })
  await writeFile(layout.key(name), x509.PemConverter.encode(key, 'PRIVATE KEY'), { mode: 0o600 })
  await writeFile(layout.certificate(name), certificate.toString('pem'))
  return { certificate, keys }
}

/** The existing pair; undefined where there is none, or it is about to expire, or no longer suitable. */
async function load(
  layout: Layout,
  name: string,
  suits: (certificate: X509Certificate) => boolean,
): Promise<Pair | undefined> {
  const pem = await readFile(layout.certificate(name), 'utf8').catch(() => undefined)
  const keyPem = await readFile(layout.key(name), 'utf8').catch(() => undefined)
  if (!pem || !keyPem || !suits(new X509Certificate(pem))) return undefined
  const certificate = new x509.X509Certificate(pem)
  if (certificate.notAfter.getTime() - Date.now() < renewBeforeMs) return undefined
  const [der] = x509.PemConverter.decode(keyPem)
  if (!der) return undefined
  const privateKey = await webcrypto.subtle.importKey('pkcs8', der, algorithm, true, ['sign'])
  const publicKey = await certificate.publicKey.export(algorithm, ['verify'], webcrypto as Crypto)
  return { certificate, keys: { privateKey, publicKey } as CryptoKeyPair }
}

/** Backdated, so that machines with slow clocks accept them. */
const backdateMs = 3_600_000

const validFor = (ms: number) => ({
  notBefore: new Date(Date.now() - backdateMs),
  notAfter: new Date(Date.now() + ms),
})

/** All names and addresses at which a server of this machine is reached, including from pods. */
function serverNames(settings: ClusterSettings, advertise?: string): x509.JsonGeneralName[] {
  const services = ['', '.default', '.default.svc', `.default.svc.${settings.domain}`]
  const names = ['localhost', hostname(), ...services.map((suffix) => `kubernetes${suffix}`)]
  const own = Object.values(networkInterfaces()).flatMap((addresses) =>
    (addresses ?? []).filter(({ address }) => !address.includes('%')).map(({ address }) => address),
  )
  // The Service `kubernetes`, and the bridge on which pods find their machine.
  const inside = [settings.serviceCidr, settings.clusterCidr].map(firstAddress)
  const advertised = advertise === undefined ? [] : [advertise]
  const addresses = new Set(['127.0.0.1', '::1', ...inside, ...own, ...advertised])
  return [
    ...names.map((value) => ({ type: 'dns' as const, value })),
    ...[...addresses].map((value) => ({ type: 'ip' as const, value })),
  ]
}
