import { isTerminating, type Secret, type ServiceAccount } from '@reckon/kubernetes'

export const tokenSecretType = 'kubernetes.io/service-account-token'
const uidAnnotation = 'kubernetes.io/service-account.uid'

/** Whose token a Secret is to hold; undefined where it is no such Secret. */
export const accountNameOf = ({ type, metadata }: Secret): string | undefined =>
  type === tokenSecretType
    ? metadata.annotations?.['kubernetes.io/service-account.name']
    : undefined

export type Step =
  | { type: 'DeleteSecret' }
  /** Whatever of it is missing; a token is signed where there is none. */
  | { type: 'FillSecret'; account: ServiceAccount; needsToken: boolean }

/** A Secret of a token holds one while its account is there, and goes with it. Pure. */
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

/** The Secret with its account's uid, the authority, its namespace and the token, where that is new. Pure. */
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
