/** The subject of a certificate request, and its key if that is Ed25519 (32 bytes). */
export type RequestSubject = {
  commonName: string
  organizations: readonly string[]
  ed25519Key?: Uint8Array
}

/** The subject of a request, or why it cannot be read. */
export type ReadRequest = { problem: string } | RequestSubject

const block = /^-----BEGIN ([A-Z0-9 ]+)-----\s([\s\S]+?)-----END \1-----\s*$/m

/** Reads `spec.request`: PKCS #10 (RFC 2986) as PEM, in base64. The signature is verified by the signer. */
export function readCertificateRequest(base64: unknown): ReadRequest {
  const wrongForm = { problem: 'PEM block type must be CERTIFICATE REQUEST' }
  try {
    const text = new TextDecoder().decode(Uint8Array.fromBase64(String(base64)))
    const [, type, body = ''] = block.exec(text.trim()) ?? []
    if (type !== 'CERTIFICATE REQUEST' && type !== 'NEW CERTIFICATE REQUEST') return wrongForm
    return subjectOf(Uint8Array.fromBase64(body))
  } catch (error) {
    if (error instanceof MalformedDer) return { problem: `asn1: ${error.message}` }
    if (error instanceof SyntaxError) return wrongForm
    throw error
  }
}

class MalformedDer extends Error {}

const tags = { sequence: 0x30, set: 0x31, integer: 0x02, objectId: 0x06, bits: 0x03 } as const
const commonName = '55:04:03'
const organization = '55:04:0a'
const ed25519 = '2b:65:70'

/**
 * CertificationRequest → CertificationRequestInfo → subject, an RDNSequence of sets of types and values; then the key.
 */
function subjectOf(der: Uint8Array): RequestSubject {
  const request = content(first(der), tags.sequence)
  const [version, subject, publicKey] = elements(content(first(request), tags.sequence))
  content(version, tags.integer)
  const attributes = elements(content(subject, tags.sequence)).flatMap((set) =>
    elements(content(set, tags.set)).map((pair) => {
      const [type, value] = elements(content(pair, tags.sequence))
      return {
        type: hexOf(content(type, tags.objectId)),
        text: new TextDecoder().decode(value?.content),
      }
    }),
  )
  const valuesOf = (type: string) =>
    attributes.flatMap((each) => (each.type === type ? [each.text] : []))
  const ed25519Key = publicKey && ed25519KeyIn(publicKey)
  return {
    commonName: valuesOf(commonName).at(-1) ?? '',
    organizations: valuesOf(organization),
    ...(ed25519Key && { ed25519Key }),
  }
}

/** SubjectPublicKeyInfo (RFC 8410): an algorithm, and the key as a bit string. */
function ed25519KeyIn(publicKey: Element): Uint8Array | undefined {
  const [algorithm, key] = elements(content(publicKey, tags.sequence))
  const [type] = elements(content(algorithm, tags.sequence))
  const bits = content(key, tags.bits)
  return hexOf(content(type, tags.objectId)) === ed25519 ? bits.subarray(1) : undefined
}

type Element = { tag: number; content: Uint8Array; end: number }

/** A DER element (X.690): tag, length of one to four bytes, and value. */
function elementAt(der: Uint8Array, at: number): Element {
  const [tag, short] = [der[at], der[at + 1]]
  if (tag === undefined || short === undefined)
    throw new MalformedDer('syntax error: data truncated')
  const lengthBytes = short < 0x80 ? 0 : short & 0x7f
  if (short === 0x80 || lengthBytes > 4) throw new MalformedDer('structure error: length too large')
  const start = at + 2 + lengthBytes
  const length = lengthBytes === 0 ? short : bigEndian(der.subarray(at + 2, start))
  const end = start + length
  if (end > der.length) throw new MalformedDer('syntax error: data truncated')
  return { tag, content: der.subarray(start, end), end }
}

const first = (der: Uint8Array): Element => elementAt(der, 0)

function elements(der: Uint8Array): Element[] {
  const found: Element[] = []
  for (let at = 0; at < der.length; at = found.at(-1)?.end ?? der.length) {
    found.push(elementAt(der, at))
  }
  return found
}

function content(element: Element | undefined, tag: number): Uint8Array {
  if (element?.tag === tag) return element.content
  throw new MalformedDer("structure error: tags don't match")
}

const bigEndian = (bytes: Uint8Array): number => bytes.reduce((sum, byte) => sum * 256 + byte, 0)

const hexOf = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join(':')
