import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'

/** A session in two halves: what the browser keeps as a cookie, and what the page alone knows. */
export type SessionHalves = { cookie: string; half: string }

/** Sent to no other host, by no other site, over TLS alone, and seen by no script. */
export const sessionCookie = '__Host-reckon'

/** What a browser sends as cookies, one by one. */
export const cookiesIn = (header: string): readonly string[] =>
  header.split(/; */).filter((each) => each !== '')

/** The same header without what belongs to a session of the page. */
export const withoutSession = (header: string): string =>
  cookiesIn(header)
    .filter((each) => !each.startsWith(`${sessionCookie}=`))
    .join('; ')

const algorithm = 'aes-256-gcm'
const nonceBytes = 12
const tagBytes = 16

/**
 * A token as two halves, each worth nothing alone: the cookie is the token encrypted, the other half is the key. No api
 * has to remember it, so each can open it.
 */
export function halvesOf(token: string): SessionHalves {
  const key = randomBytes(32)
  const nonce = randomBytes(nonceBytes)
  const cipher = createCipheriv(algorithm, key, nonce)
  const body = Buffer.concat([cipher.update(token, 'utf8'), cipher.final()])
  const cookie = Buffer.concat([nonce, cipher.getAuthTag(), body]).toString('base64url')
  return { cookie, half: key.toString('base64url') }
}

/** The token of two halves; undefined where they are not of one session. */
export function tokenOf({ cookie, half }: SessionHalves): string | undefined {
  const [key, bytes] = [Buffer.from(half, 'base64url'), Buffer.from(cookie, 'base64url')]
  try {
    const decipher = createDecipheriv(algorithm, key, bytes.subarray(0, nonceBytes), {
      authTagLength: tagBytes,
    })
    decipher.setAuthTag(bytes.subarray(nonceBytes, nonceBytes + tagBytes))
    const body = decipher.update(bytes.subarray(nonceBytes + tagBytes))
    return Buffer.concat([body, decipher.final()]).toString('utf8')
  } catch {
    return undefined
  }
}
