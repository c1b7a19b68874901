import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'

/** A session in two halves: what the browser keeps as a cookie, and what the page alone knows. */
export type SessionHalves = { cookie: string; half: string }

/** Not sent to other hosts, not by other sites, only over TLS, and invisible to scripts. */
export const sessionCookie = '__Host-reckon'

/** The cookies of a request, one by one. */
export const cookiesIn = (header: string): readonly string[] =>
  header.split(/; */).filter((each) => each !== '')

/** A Cookie header without the session's own cookie. */
export const withoutSession = (header: string): string =>
  cookiesIn(header)
    .filter((each) => !each.startsWith(`${sessionCookie}=`))
    .join('; ')

const algorithm = 'aes-256-gcm'
const nonceBytes = 12
const tagBytes = 16

/**
 * Splits a token into two halves, each worthless alone: the cookie is the encrypted token, the other half is the key.
 * No api has to remember a session, so any of them can open it.
 */
export function halvesOf(token: string): SessionHalves {
  const key = randomBytes(32)
  const nonce = randomBytes(nonceBytes)
  const cipher = createCipheriv(algorithm, key, nonce)
  const body = Buffer.concat([cipher.update(token, 'utf8'), cipher.final()])
  const cookie = Buffer.concat([nonce, cipher.getAuthTag(), body]).toString('base64url')
  return { cookie, half: key.toString('base64url') }
}

/** The token of two halves; undefined where they do not belong to one session. */
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
