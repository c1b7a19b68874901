import type { Pod } from '@reckon/kubernetes'
import type { NodeTokenRequest } from './node-message.ts'

/** A token that a pod's projected volume asks for; `audience` is empty for the api itself. */
export type ProjectedToken = { audience: string; lastsSeconds: number }

/** Upstream's default validity. */
const lastsSecondsDefault = 3_600

/** All tokens that a pod's volumes ask for, one for each audience. */
export function projectedTokens({ spec }: Pod): readonly ProjectedToken[] {
  const wanted = new Map<string, ProjectedToken>()
  for (const { projected } of spec.volumes ?? []) {
    for (const { serviceAccountToken: source } of projected?.sources ?? []) {
      if (source === undefined) continue
      const { audience = '', expirationSeconds: lastsSeconds = lastsSecondsDefault } = source
      if (!wanted.has(audience)) wanted.set(audience, { audience, lastsSeconds })
    }
  }
  return [...wanted.values()]
}

/** What a token is bound to: this node, this pod and this audience. */
export const tokenPlaceOf = (
  node: string,
  { namespace, name, uid, audience }: NodeTokenRequest,
): string => JSON.stringify(['token', node, namespace, name, uid, audience])
