import 'reflect-metadata'
import { webcrypto } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import * as x509 from '@peculiar/x509'
import { messageOf } from '@reckon/kubernetes'
import { ConfigurationError } from '@reckon/process'
import type { CertificateAuthority, Signing } from './certificate-authority.ts'

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }

/**
 * The CA whose certificate and key (PEM, P-256) are in these files; undefined without files. Throws
 * `ConfigurationError`.
 */
export async function openAuthority(
  certificateFile: string,
  keyFile: string,
): Promise<CertificateAuthority | undefined> {
  if (certificateFile === '' && keyFile === '') return undefined
  try {
    return await createAuthority(
      await readFile(certificateFile, 'utf8'),
      await readFile(keyFile, 'utf8'),
    )
  } catch (error) {
    throw new ConfigurationError(`--client-signer: ${messageOf(error)}`, { cause: error })
  }
}

/** Signs with a CA certificate and its key. */
export async function createAuthority(
  certificatePem: string,
  keyPem: string,
): Promise<CertificateAuthority> {
  x509.cryptoProvider.set(webcrypto as Crypto)
  const own = new x509.X509Certificate(certificatePem)
  const [der = new ArrayBuffer()] = x509.PemConverter.decode(keyPem)
  const signingKey = await webcrypto.subtle.importKey('pkcs8', der, algorithm, false, ['sign'])
  return {
    endsMs: own.notAfter.getTime(),
    async sign(signing) {
      const verified = await verifiedRequest(signing)
      if (verified === undefined) return undefined
      const { request, extensions } = verified
      const certificate = await x509.X509CertificateGenerator.create({
        subject: request.subjectName,
        issuer: own.subjectName,
        notBefore: new Date(signing.notBeforeMs),
        notAfter: new Date(signing.notAfterMs),
        publicKey: request.publicKey,
        signingKey: signingKey as CryptoKey,
        signingAlgorithm: algorithm,
        extensions,
      })
      return `${certificate.toString('pem')}\n${own.toString('pem')}\n`
    },
  }
}

/**
 * The parsed request; undefined if its signature is not by its own key, if it is malformed, or if its key is of an
 * unsupported type.
 */
async function verifiedRequest(signing: Signing) {
  try {
    const request = new x509.Pkcs10CertificateRequest(signing.request)
    if (!(await request.verify())) return undefined
    return { request, extensions: extensionsOf(request, signing) }
  } catch {
    return undefined
  }
}

/**
 * The extensions of the certificate: usages (TLS needs the digital signature) and requested names. Nothing else that a
 * request asks for is granted.
 */
const extensionsOf = (request: x509.Pkcs10CertificateRequest, { usages }: Signing) => [
  new x509.BasicConstraintsExtension(false, undefined, true),
  new x509.KeyUsagesExtension(
    x509.KeyUsageFlags.digitalSignature |
      (usages.includes('key encipherment') ? x509.KeyUsageFlags.keyEncipherment : 0),
    true,
  ),
  new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.clientAuth]),
  ...request.extensions.filter((each) => each instanceof x509.SubjectAlternativeNameExtension),
]
