import { createPrivateKey, createPublicKey, sign } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { Authenticator, ConnectionOptions } from 'nats'
import { natsKeyOf } from '../bus/nats-key.ts'

/** Whose connection it is, and what its ends prove themselves by. */
export type AccessOptions = {
  user?: string
  password?: string
  /** The file with the user's key (Ed25519, PEM), instead of a password: read for each connection. */
  keyFile?: string
  /** The file with the authority of the server's certificate: it is spoken with over TLS only. */
  caFile?: string
}

type Access = Pick<ConnectionOptions, 'user' | 'pass' | 'authenticator' | 'tls'>

/** How a connection proves whose it is, and how it knows the server. */
export function accessOf({ user, password, keyFile, caFile }: AccessOptions): Access {
  const tls = caFile === undefined ? {} : { tls: { caFile } }
  if (keyFile !== undefined) return { ...tls, authenticator: byKey(keyFile) }
  return user === undefined ? tls : { ...tls, user, pass: password ?? '' }
}

/** Signs what the server has drawn. The key is read anew each time: it is renewed while the process lives. */
const byKey =
  (file: string): Authenticator =>
  (nonce = '') => {
    const key = createPrivateKey(readFileSync(file))
    const spki = createPublicKey(key).export({ type: 'spki', format: 'der' })
    const signature = sign(null, Buffer.from(nonce), key)
    return { nkey: natsKeyOf(spki.subarray(-publicKeyBytes)), sig: signature.toString('base64url') }
  }

/** What an Ed25519 key's SubjectPublicKeyInfo (RFC 8410) ends with. */
const publicKeyBytes = 32
