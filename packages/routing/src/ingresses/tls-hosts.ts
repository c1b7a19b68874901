import type { Ingress, IngressClass } from '@reckon/kubernetes'
import { servedIngresses } from './served-ingresses.ts'

/** A certificate with those that sign it, and its key: PEM. */
export type KeyPair = { certificates: string; key: string }

/** With what each host proves itself; `*` is every name that no other one is, also none. */
export type TlsHosts = ReadonlyMap<string, KeyPair>

/**
 * The hosts that Ingresses name for TLS, each with the pair of its Secret where that is known and
 * good. Of two Ingresses for one host the older one's is taken.
 */
export function tlsHosts(
  ingresses: readonly Ingress[],
  classes: readonly IngressClass[],
  pairOf: (namespace: string, secretName: string) => KeyPair | undefined,
): TlsHosts {
  const found = new Map<string, KeyPair>()
  for (const { metadata, spec } of servedIngresses(ingresses, classes)) {
    for (const { hosts = [], secretName } of spec.tls ?? []) {
      const pair = secretName ? pairOf(metadata.namespace ?? '', secretName) : undefined
      if (pair === undefined) continue
      for (const host of hosts.length > 0 ? hosts : ['*']) {
        const name = host.toLowerCase()
        if (!found.has(name)) found.set(name, pair)
      }
    }
  }
  return found
}
