import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto'
import type { SealedText, Vault } from '@reckon/eventing'

const keyBytes = 32
export const ivBytes = 12

/**
 * AES-256-GCM: data keys are encrypted with a master key of 32 bytes, texts with data keys, each with its place as
 * associated data. `draw` returns that many random bytes.
 */
export function createVault(
  masterKey: Uint8Array,
  draw: (bytes: number) => Uint8Array = randomBytes,
): Vault {
  if (masterKey.length !== keyBytes) {
    throw new Error(`a master key has ${keyBytes} bytes, not ${masterKey.length}`)
  }
  const masterKeyId = createHash('sha256')
    .update('reckon master key')
    .update(masterKey)
    .digest('hex')
    .slice(0, 16)
  return {
    masterKeyId,
    wrap(place) {
      const key = draw(keyBytes)
      const { iv, data, tag } = encrypt(masterKey, key, place, draw(ivBytes))
      return { key, wrapped: { wrapped: `${iv}.${data}.${tag}`, masterKeyId } }
    },
    unwrap({ wrapped, masterKeyId: by }, place) {
      if (by !== masterKeyId) return undefined
      const [iv = '', data = '', tag = ''] = wrapped.split('.')
      return decrypt(masterKey, { iv, data, tag }, place)
    },
    seal: (key, text, place) => encrypt(key, Buffer.from(text), place, draw(ivBytes)),
    open: (key, sealed, place) => decrypt(key, sealed, place).toString(),
  }
}

/** AES-256-GCM with the place as associated data. */
export function encrypt(
  key: Uint8Array,
  content: Uint8Array,
  place: string,
  iv: Uint8Array,
): SealedText {
  const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(Buffer.from(place))
  const data = Buffer.concat([cipher.update(content), cipher.final()])
  return {
    iv: Buffer.from(iv).toString('base64'),
    data: data.toString('base64'),
    tag: cipher.getAuthTag().toString('base64'),
  }
}

/** Decrypts; throws where key, place or content do not match. */
export function decrypt(key: Uint8Array, { iv, data, tag }: SealedText, place: string): Buffer {
  const options = { authTagLength: 16 }
  const decipher = createDecipheriv('aes-256-gcm', key, Buffer.from(iv, 'base64'), options)
  decipher.setAAD(Buffer.from(place)).setAuthTag(Buffer.from(tag, 'base64'))
  return Buffer.concat([decipher.update(Buffer.from(data, 'base64')), decipher.final()])
}
