import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto'

/** A certificate chain and its key, PEM. */
type KeyPair = { certificates: string; key: string }

const certificate = /-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g
const rsaBitsMin = 2048
const curves = ['prime256v1', 'secp384r1', 'secp521r1']

/** The pair in a Secret of type `kubernetes.io/tls` (base64), or why a server cannot use it. */
export function keyPairIn(
  data: Readonly<Record<string, string>> = {},
): KeyPair | { problem: string } {
  const textOf = (name: string) => Buffer.from(data[name] ?? '', 'base64').toString()
  const pair = { certificates: textOf('tls.crt'), key: textOf('tls.key') }
  const chain = pair.certificates.match(certificate) ?? []
  if (chain.length === 0) return { problem: 'tls.crt holds no certificate' }
  if (pair.key === '') return { problem: 'tls.key is empty' }
  const certificates = chain.map((pem) => readOrUndefined(() => new X509Certificate(pem)))
  const key = readOrUndefined(() => createPrivateKey(pair.key))
  const [first] = certificates
  if (first === undefined || certificates.includes(undefined)) {
    return { problem: 'tls.crt holds a certificate that cannot be read' }
  }
  if (key === undefined) return { problem: 'tls.key cannot be read' }
  if (!isTaken(key)) {
    return { problem: `tls.key is neither RSA of ${rsaBitsMin} bits nor on a curve of NIST` }
  }
  return first.checkPrivateKey(key)
    ? pair
    : { problem: 'the key in tls.key is not that of the certificate in tls.crt' }
}

/** The key types that Envoy accepts. */
const isTaken = ({ asymmetricKeyType, asymmetricKeyDetails = {} }: KeyObject): boolean =>
  asymmetricKeyType === 'rsa'
    ? (asymmetricKeyDetails.modulusLength ?? 0) >= rsaBitsMin
    : asymmetricKeyType === 'ec' && curves.includes(asymmetricKeyDetails.namedCurve ?? '')

function readOrUndefined<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch {
    return undefined
  }
}
