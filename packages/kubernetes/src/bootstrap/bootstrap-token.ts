import type { Secret } from '../object.ts'

/**
 * A token `<id>.<secret>` by which a machine joins that has no credentials of the cluster yet. It is stored as a Secret
 * of a type of its own (upstream's `cluster-bootstrap/token/api`).
 */
export type BootstrapToken = { id: string; secret: string }

/** The namespace and type of the Secrets of such tokens. */
export const bootstrapTokenNamespace = 'kube-system'
export const bootstrapTokenType = 'bootstrap.kubernetes.io/token'
export const bootstrapTokenName = (id: string): string => `bootstrap-token-${id}`

export const bootstrappersGroup = 'system:bootstrappers'

const form = /^(?<id>[a-z0-9]{6})\.(?<secret>[a-z0-9]{16})$/
const groupForm = /^system:bootstrappers:[a-z0-9:-]{0,255}[a-z0-9]$/

/** Parses a token; undefined where the text has another form. */
export function bootstrapTokenIn(text: string): BootstrapToken | undefined {
  const { id, secret } = form.exec(text)?.groups ?? {}
  return id === undefined || secret === undefined ? undefined : { id, secret }
}

export const isBootstrapToken = ({ metadata, type }: Secret): boolean =>
  type === bootstrapTokenType && metadata.namespace === bootstrapTokenNamespace

/** The Secret of a token; times in milliseconds. A token without an end is valid until it is deleted. */
export function bootstrapTokenSecret(
  { id, secret }: BootstrapToken,
  { description, endsMs }: { description?: string; endsMs?: number },
): Secret {
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: bootstrapTokenName(id), namespace: bootstrapTokenNamespace },
    type: bootstrapTokenType,
    stringData: {
      'token-id': id,
      'token-secret': secret,
      'usage-bootstrap-authentication': 'true',
      ...(description && { description }),
      ...(endsMs !== undefined && { expiration: new Date(endsMs).toISOString() }),
    },
  }
}

/** When a token expires; undefined where it does not. As upstream, an unreadable time counts as expired. */
export function bootstrapTokenEndsMs(kept: Secret): number | undefined {
  const expiration = fieldOf(kept, 'expiration')
  if (expiration === '') return undefined
  const endsMs = Date.parse(expiration)
  return Number.isNaN(endsMs) ? 0 : endsMs
}

/** The description of a token. */
export const bootstrapTokenDescription = (kept: Secret): string => fieldOf(kept, 'description')

type Judged = { name: string; groups: readonly string[] } | { problem: string }

/** The user that a token authenticates as, if it matches the stored one and has not expired. */
export function judgeBootstrapToken(
  kept: Secret | undefined,
  token: BootstrapToken,
  nowMs: number,
): Judged {
  if (kept === undefined || !isBootstrapToken(kept) || fieldOf(kept, 'token-id') !== token.id) {
    return { problem: 'there is no such token' }
  }
  if (!isSame(fieldOf(kept, 'token-secret'), token.secret))
    return { problem: 'it is not the token' }
  const endsMs = bootstrapTokenEndsMs(kept)
  if (endsMs !== undefined && endsMs <= nowMs) return { problem: 'the token has expired' }
  if (fieldOf(kept, 'usage-bootstrap-authentication') !== 'true') {
    return { problem: 'the token is not for authentication' }
  }
  const extra = fieldOf(kept, 'auth-extra-groups').split(',').filter(Boolean)
  if (!extra.every((group) => groupForm.test(group))) {
    return { problem: 'the token names groups that are none of bootstrappers' }
  }
  return { name: `system:bootstrap:${token.id}`, groups: [bootstrappersGroup, ...extra] }
}

function fieldOf({ data }: Secret, field: string): string {
  try {
    return new TextDecoder().decode(Uint8Array.fromBase64(data?.[field] ?? ''))
  } catch (error) {
    if (error instanceof SyntaxError) return ''
    throw error
  }
}

/** Compares in constant time for texts of one length. */
function isSame(one: string, other: string): boolean {
  let differences = one.length ^ other.length
  for (let at = 0; at < other.length; at++) differences |= one.charCodeAt(at) ^ other.charCodeAt(at)
  return differences === 0
}
