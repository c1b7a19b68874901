import { badRequest } from '@reckon/kubernetes'

/** Where the next page of a list begins: after a key, at the version of the first page. */
export type ContinueToken = {
  /** Undefined: at the newest version, for clients that accept an inconsistent list. */
  version: bigint | undefined
  after: string
  /** The number of objects in the preceding pages. */
  given: number
  /** Whether the first page was requested at exactly its version, however old that is by now. */
  exact?: true
}

const tokenVersion = 'meta.k8s.io/v1'

/** Encodes the token; its content is opaque to clients. */
export function encodeContinue({ version, after, given, exact }: ContinueToken): string {
  const token = { v: tokenVersion, rv: String(version ?? -1), start: after, given, exact }
  return Buffer.from(JSON.stringify(token)).toString('base64url')
}

/** Decodes a token; 400 if it is not one of ours. */
export function decodeContinue(text: string): ContinueToken {
  try {
    const { v, rv, start, given, exact } = JSON.parse(Buffer.from(text, 'base64url').toString())
    const isOurs = v === tokenVersion && typeof start === 'string' && Number.isSafeInteger(given)
    if (!isOurs) throw new Error('not a token of ours')
    const version = BigInt(rv)
    const place = { version: version < 0n ? undefined : version, after: start, given }
    return exact === true ? { ...place, exact } : place
  } catch {
    throw badRequest('continue key is not valid: the token is not one that this server gave')
  }
}
