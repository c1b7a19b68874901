import { createPrivateKey, createPublicKey, sign } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { Authenticator, ConnectionOptions } from 'nats'
import { natsKeyOf } from '../bus/nats-key.ts'

/** The user of a connection, and the files by which client and server authenticate. */
export type AccessOptions = {
  user?: string
  password?: string
  /** A file with the user's key (Ed25519, PEM), used instead of a password; read for each connection. */
  keyFile?: string
  /** A file with the CA of the server's certificate; the connection then requires TLS. */
  caFile?: string
}

type Access = Pick<ConnectionOptions, 'user' | 'pass' | 'authenticator' | 'tls'>

/** How a connection authenticates itself, and verifies the server. */
export function accessOf({ user, password, keyFile, caFile }: AccessOptions): Access {
  const tls = caFile === undefined ? {} : { tls: { caFile } }
  if (keyFile !== undefined) return { ...tls, authenticator: byKey(keyFile) }
  return user === undefined ? tls : { ...tls, user, pass: password ?? '' }
}

/** Signs the server's nonce. The key is read anew each time, because it may be renewed while the process lives. */
const byKey =
  (file: string): Authenticator =>
  (nonce = '') => {
    const key = createPrivateKey(readFileSync(file))
    const spki = createPublicKey(key).export({ type: 'spki', format: 'der' })
    const signature = sign(null, Buffer.from(nonce), key)
    return { nkey: natsKeyOf(spki.subarray(-publicKeyBytes)), sig: signature.toString('base64url') }
  }

/** The key bytes at the end of an Ed25519 SubjectPublicKeyInfo (RFC 8410). */
const publicKeyBytes = 32
