import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import type { TokenKey } from '@reckon/eventing'
import { messageOf } from '@reckon/kubernetes'
import { CompactSign, calculateJwkThumbprint, compactVerify, errors, exportJWK } from 'jose'
import { ConfigurationError, type Option } from './configuration.ts'

/** The option of every process that signs or verifies service account tokens. */
export const tokenKeyOption = {
  description:
    "the file with the key that signs service accounts' tokens (PEM, P-256); none: there are none",
  default: '',
} as const satisfies Option

const algorithm = 'ES256'

/** The key in a file; undefined without a file. Throws `ConfigurationError` where the file holds no such key. */
export async function openTokenKey(file: string): Promise<TokenKey | undefined> {
  if (file === '') return undefined
  try {
    return await createTokenKey(createPrivateKey(await readFile(file, 'utf8')))
  } catch (error) {
    throw new ConfigurationError(`--service-account-key: ${messageOf(error)}`, { cause: error })
  }
}

/** Signs and verifies with a private key on the curve P-256 (ES256). */
export async function createTokenKey(key: KeyObject): Promise<TokenKey> {
  const publicKey = createPublicKey(key)
  const jwk = await exportJWK(publicKey)
  const kid = await calculateJwkThumbprint(jwk)
  return {
    sign: (claims) =>
      new CompactSign(new TextEncoder().encode(JSON.stringify(claims)))
        .setProtectedHeader({ alg: algorithm, kid })
        .sign(key),
    async verify(token) {
      try {
        const { payload } = await compactVerify(token, publicKey, { algorithms: [algorithm] })
        return JSON.parse(new TextDecoder().decode(payload))
      } catch (error) {
        if (error instanceof errors.JOSEError || error instanceof SyntaxError) return undefined
        throw error
      }
    },
    publicKeys: [{ ...jwk, use: 'sig', kid, alg: algorithm }],
    algorithm,
  }
}
