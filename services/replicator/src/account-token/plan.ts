import { isTerminating, type Secret, type ServiceAccount } from '@reckon/kubernetes'

export const tokenSecretType = 'kubernetes.io/service-account-token'
const uidAnnotation = 'kubernetes.io/service-account.uid'

/** The account whose token a Secret is to hold; undefined for other Secrets. */
export const accountNameOf = ({ type, metadata }: Secret): string | undefined =>
  type === tokenSecretType
    ? metadata.annotations?.['kubernetes.io/service-account.name']
    : undefined

export type Step =
  | { type: 'DeleteSecret' }
  /** What is missing of the Secret; a token is signed if there is none. */
  | { type: 'FillSecret'; account: ServiceAccount; needsToken: boolean }

/** A token Secret holds a token while its account exists, and is deleted with the account. Pure. */
export function plan(
  secret: Secret,
  account: ServiceAccount | undefined,
  rootCa: string,
): readonly Step[] {
  if (isTerminating(secret) || accountNameOf(secret) === undefined) return []
  const { annotations = {}, namespace = '' } = secret.metadata
  const uid = annotations[uidAnnotation]
  if (account === undefined || (uid && uid !== account.metadata.uid)) {
    return [{ type: 'DeleteSecret' }]
  }
  const { token, 'ca.crt': authority, namespace: home } = secret.data ?? {}
  const isWhole = token && uid && authority === base64(rootCa) && home === base64(namespace)
  return isWhole ? [] : [{ type: 'FillSecret', account, needsToken: !token }]
}

/**
 * The Secret completed with its account's uid, the CA, its namespace and the token; undefined where nothing changes.
 * Pure.
 */
export function filled(
  secret: Secret,
  { account, rootCa, token }: { account: ServiceAccount; rootCa: string; token?: string },
): Secret {
  const { metadata, data } = secret
  const annotations = { ...metadata.annotations, [uidAnnotation]: account.metadata.uid ?? '' }
  return {
    ...secret,
    metadata: { ...metadata, annotations },
    data: {
      ...data,
      'ca.crt': base64(rootCa),
      namespace: base64(metadata.namespace ?? ''),
      ...(token && !data?.token && { token: base64(token) }),
    },
  }
}

const base64 = (text: string): string => new TextEncoder().encode(text).toBase64()
