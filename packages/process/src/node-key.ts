import {
  createPrivateKey,
  createPublicKey,
  diffieHellman,
  hkdfSync,
  type KeyObject,
  randomBytes,
} from 'node:crypto'
import { mkdir, readFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { SealedText } from '@reckon/eventing/bus'
import { hasCode } from './error-code.ts'
import { writeLastingFile } from './lasting-file.ts'
import { decrypt, encrypt, ivBytes } from './vault.ts'

/** Returns this many random bytes. */
type Draw = (bytes: number) => Uint8Array

type SealedForNode = SealedText & { ephemeral: string }

/**
 * X25519 with a fresh key for each text, HKDF, AES-256-GCM: only the holder of the private key can read it; afterwards
 * not even the sender can.
 */
export const createNodeSealing = (draw: Draw = randomBytes) => ({
  seal(publicKey: string, text: string, place: string): SealedForNode | undefined {
    const node = publicKeyIn(publicKey)
    if (node === undefined) return undefined
    const drawn = drawnKey(draw)
    const ephemeral = textOf(createPublicKey(drawn))
    const key = sharedKey(drawn, node, `${ephemeral} ${publicKey}`)
    return { ephemeral, ...encrypt(key, Buffer.from(text), place, draw(ivBytes)) }
  },
})

/** The node's own key, from its file; created if there is none. Readable by its owner only. */
export async function openNodeKey(path: string) {
  return nodeKeyOf((await keyIn(path)) ?? (await newKey(path)))
}

/** The key of a node whose agent is another process; undefined until that has created it. */
export async function findNodeKey(path: string) {
  const key = await keyIn(path)
  return key && nodeKeyOf(key)
}

/** A node's key that is never written to a disk; `draw` returns that many random bytes. */
export const drawNodeKey = (draw: Draw) => nodeKeyOf(drawnKey(draw))

function nodeKeyOf(privateKey: KeyObject) {
  const publicKey = textOf(createPublicKey(privateKey))
  return {
    publicKey,
    /** Throws where the text is not for this key and place. */
    open({ ephemeral, ...sealed }: SealedForNode, place: string): string {
      const drawn = publicKeyIn(ephemeral)
      if (drawn === undefined) throw new Error('the sealed text has no public key')
      const key = sharedKey(privateKey, drawn, `${ephemeral} ${publicKey}`)
      return decrypt(key, sealed, place).toString()
    },
  }
}

/** Any 32 bytes are a private key (RFC 7748); the prefix names the algorithm (RFC 8410). */
function drawnKey(draw: Draw): KeyObject {
  const key = Buffer.concat([Buffer.from('302e020100300506032b656e04220420', 'hex'), draw(32)])
  return createPrivateKey({ key, format: 'der', type: 'pkcs8' })
}

async function keyIn(path: string): Promise<KeyObject | undefined> {
  try {
    return createPrivateKey(await readFile(path, 'utf8'))
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined
    throw error
  }
}

async function newKey(path: string): Promise<KeyObject> {
  const privateKey = drawnKey(randomBytes)
  await mkdir(dirname(path), { recursive: true })
  await writeLastingFile(path, privateKey.export({ type: 'pkcs8', format: 'pem' }))
  return privateKey
}

const sharedKey = (privateKey: KeyObject, publicKey: KeyObject, salt: string): Uint8Array => {
  const shared = diffieHellman({ privateKey, publicKey })
  return new Uint8Array(hkdfSync('sha256', shared, salt, 'reckon secret for a node', 32))
}

const textOf = (key: KeyObject): string =>
  key.export({ type: 'spki', format: 'der' }).toString('base64')

/** Undefined for a malformed key, since nodes are not trusted. */
function publicKeyIn(text: string): KeyObject | undefined {
  try {
    const key = createPublicKey({ key: Buffer.from(text, 'base64'), type: 'spki', format: 'der' })
    return key.asymmetricKeyType === 'x25519' ? key : undefined
  } catch {
    return undefined
  }
}
