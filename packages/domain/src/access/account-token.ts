import {
  isJsonObject,
  type KubernetesObject,
  nodes,
  pods,
  type Resource,
  secrets,
  serviceAccounts,
} from '@reckon/kubernetes'
import type { OtherObjects } from '../admission/admission.ts'

/** An object as a token refers to it. */
type Named = { name: string; uid: string }

/** The objects that a token is bound to: it is valid only while they exist. */
export type Bound = { pod?: Named; secret?: Named; node?: Named }

/** The claims of a service account token, as upstream (RFC 7519); times in seconds since 1970. */
export type AccountClaims = {
  iss: string
  sub: string
  aud: readonly string[]
  iat: number
  nbf: number
  /** Absent: valid as long as what it is bound to. */
  exp?: number
  jti: string
  'kubernetes.io': { namespace: string; serviceaccount: Named } & Bound
}

/** The issuer of tokens, and the default audience. */
export const issuerOf = (domain: string): string => `https://kubernetes.default.svc.${domain}`

const accountUser = (namespace: string, name: string): string =>
  `system:serviceaccount:${namespace}:${name}`

export const named = ({ metadata: { name, uid = '' } }: KubernetesObject): Named => ({ name, uid })

type Issue = {
  account: KubernetesObject
  bound: Bound
  issuer: string
  audiences: readonly string[]
  id: string
  nowSeconds: number
  lastsSeconds?: number
}

/** The claims of a new token. */
export function claimsFor(issue: Issue): AccountClaims {
  const { account, bound, issuer, audiences, id, nowSeconds, lastsSeconds } = issue
  const { namespace = '', name } = account.metadata
  return {
    iss: issuer,
    sub: accountUser(namespace, name),
    aud: audiences,
    iat: nowSeconds,
    nbf: nowSeconds,
    ...(lastsSeconds !== undefined && { exp: nowSeconds + lastsSeconds }),
    jti: id,
    'kubernetes.io': { namespace, serviceaccount: named(account), ...bound },
  }
}

/** The user that a token authenticates. */
export type TokenUser = {
  name: string
  uid: string
  groups: readonly string[]
  extra: Readonly<Record<string, readonly string[]>>
}

type Judged = { user: TokenUser; audiences: readonly string[] } | { problem: string }

type Judging = {
  others: Pick<OtherObjects, 'get'>
  nowSeconds: number
  issuer: string
  /** The accepted audiences. */
  audiences: readonly string[]
}

/** The tolerated difference between the clocks of two apis. */
const leewaySeconds = 60

/** The user of a token, or why it is not valid. */
export function judgeClaims(claims: AccountClaims, judging: Judging): Judged {
  const { nowSeconds, issuer } = judging
  if (claims.iss !== issuer) return { problem: `issuer ${claims.iss} is not this cluster` }
  if (claims.exp !== undefined && claims.exp <= nowSeconds) return { problem: 'token has expired' }
  if (claims.nbf > nowSeconds + leewaySeconds) return { problem: 'token is not valid yet' }
  const audiences = claims.aud.filter((each) => judging.audiences.includes(each))
  if (audiences.length === 0) {
    const problem = `token audiences ${JSON.stringify(claims.aud)} is invalid for the target audiences ${JSON.stringify(judging.audiences)}`
    return { problem }
  }
  const problem = boundProblem(claims, judging)
  return problem === undefined ? { user: userOf(claims), audiences } : { problem }
}

/** The first object that the token is bound to and that no longer exists. */
function boundProblem({ 'kubernetes.io': says }: AccountClaims, { others }: Judging) {
  const { namespace, serviceaccount, pod, secret, node } = says
  const bonds: readonly [Resource, string, Named | undefined][] = [
    [serviceAccounts, namespace, serviceaccount],
    [pods, namespace, pod],
    [secrets, namespace, secret],
    // The pod's node is informational, not a bond: the pod exists only as long as it is on that
    // node.
    [nodes, '', pod ? undefined : node],
  ]
  const broken = bonds.find(
    ([resource, home, bond]) =>
      bond && others.get(resource, home, bond.name)?.object.metadata.uid !== bond.uid,
  )
  return broken && `${broken[0].singular} ${broken[2]?.name} has been invalidated`
}

function userOf({ sub, jti, 'kubernetes.io': says }: AccountClaims): TokenUser {
  const { namespace, serviceaccount, pod, node } = says
  const prefix = 'authentication.kubernetes.io'
  return {
    name: sub,
    uid: serviceaccount.uid,
    groups: accountGroups(namespace),
    extra: {
      [`${prefix}/credential-id`]: [`JTI=${jti}`],
      ...(pod && { [`${prefix}/pod-name`]: [pod.name], [`${prefix}/pod-uid`]: [pod.uid] }),
      ...(node && { [`${prefix}/node-name`]: [node.name], [`${prefix}/node-uid`]: [node.uid] }),
    },
  }
}

/** The groups of all service accounts of a namespace. */
export const accountGroups = (namespace: string): readonly string[] => [
  'system:serviceaccounts',
  `system:serviceaccounts:${namespace}`,
]

/** Parses the signed claims; undefined if they are not those of such a token. */
export function claimsIn(value: unknown): AccountClaims | undefined {
  if (!isJsonObject(value)) return undefined
  const { iss, sub, iat, nbf, exp, jti, aud, 'kubernetes.io': says } = value
  if (typeof iss !== 'string' || typeof sub !== 'string' || typeof jti !== 'string')
    return undefined
  if (typeof iat !== 'number' || typeof nbf !== 'number' || !Array.isArray(aud)) return undefined
  if (exp !== undefined && typeof exp !== 'number') return undefined
  if (!isJsonObject(says) || typeof says.namespace !== 'string') return undefined
  const [serviceaccount, pod, secret, node] = [
    namedIn(says.serviceaccount),
    namedIn(says.pod),
    namedIn(says.secret),
    namedIn(says.node),
  ]
  if (serviceaccount === undefined) return undefined
  const bound = { ...(pod && { pod }), ...(secret && { secret }), ...(node && { node }) }
  return {
    ...{ iss, sub, jti, iat, nbf, aud: aud.map(String) },
    ...(exp !== undefined && { exp }),
    'kubernetes.io': { namespace: says.namespace, serviceaccount, ...bound },
  }
}

function namedIn(value: unknown): Named | undefined {
  if (!isJsonObject(value)) return undefined
  const { name, uid } = value
  return typeof name === 'string' && typeof uid === 'string' ? { name, uid } : undefined
}
